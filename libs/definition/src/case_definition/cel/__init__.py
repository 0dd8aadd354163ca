"""Rules in CEL: compiled once, limited in what they may ask and compute."""
