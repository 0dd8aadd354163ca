"""What people ask of a case: taken in, published, answered."""
