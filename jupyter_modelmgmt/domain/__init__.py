"""Records, rules and errors: pure values, no input or output, no framework."""
