"""The priority: its assessment by an agent, and requests for another assessment."""
