"""Events and topics of the case platform, and the runtime that all five services share."""
