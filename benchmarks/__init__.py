"""What speed, memory and load were promised, measured; `make bench` runs it all."""
