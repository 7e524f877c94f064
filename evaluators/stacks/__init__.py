"""A stack is one folder of data: a framework's facts."""
