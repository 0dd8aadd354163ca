"""The portal: shows cases, and takes commands to them."""
