"""Runs that wait for a worker: the queue (queue.py), what takes them (worker.py), several of those (pool.py).

The journal is the only truth. DBOS hands a run's id to one worker at a time; what it
loses or gives twice does no harm, since the journal's lease lets one process advance a
run, and who looks after the queue dispatches again what nobody holds.
"""
