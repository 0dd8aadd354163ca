"""The application of intake, in terms of its ports."""
