"""Landing: a proved draft becomes a change in a project, all of it or nothing."""
