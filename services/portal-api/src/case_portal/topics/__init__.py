"""What is reported most."""
