"""What every feature stands on: settings, database, errors, tokens, paging."""
