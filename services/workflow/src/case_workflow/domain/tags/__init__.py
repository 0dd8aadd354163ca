"""Tags: words by which agents group their cases."""
