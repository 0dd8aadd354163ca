"""What came in or was asked, and was refused."""
