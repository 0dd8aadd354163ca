"""What a case looks like to a reader: values, without input or output."""
