"""Fair use: the use of customers compared with the allowance of their agreement."""
