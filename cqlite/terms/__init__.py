"""Values in CQL statements: constants, collections and calls, as what they are wanted for."""
