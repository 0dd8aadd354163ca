"""What notify remembers and how it words and addresses mail: pure."""
