BEGIN TRANSACTION;
CREATE TABLE backwright_version (
	version INTEGER NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "backwright_version" VALUES(1);
CREATE TABLE calls (
	id INTEGER NOT NULL, 
	run VARCHAR(26) NOT NULL, 
	seq INTEGER NOT NULL, 
	superseded INTEGER NOT NULL, 
	turn TEXT NOT NULL, 
	round INTEGER NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	size INTEGER NOT NULL, 
	messages TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	model TEXT NOT NULL, 
	finish VARCHAR(16) NOT NULL, 
	usage TEXT NOT NULL, 
	seconds FLOAT NOT NULL, 
	origin VARCHAR(16) NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (run, seq, superseded), 
	FOREIGN KEY(run) REFERENCES runs (id)
);
INSERT INTO "calls" VALUES(1,'01M805Q08GY5PNYDWF6MPHJP7R',0,0,'design',0,'5ab5a6e79c8529a83cc0700d4e15a6284028e4e423a6aece213ae360834063b9',21,'[{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Write a shop"}]','an answer','m','stop','{"prompt_tokens": null, "completion_tokens": null, "cached_tokens": null, "cost_usd": null}',1.5,'live','2026-11-21T23:05:26.556Z');
INSERT INTO "calls" VALUES(2,'01M805Q0APDE349DGBYPRFS8YY',0,0,'design',0,'5ab5a6e79c8529a83cc0700d4e15a6284028e4e423a6aece213ae360834063b9',21,'[{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Write a shop"}]','half','m','stop','{"prompt_tokens": null, "completion_tokens": null, "cached_tokens": null, "cost_usd": null}',0.0,'live','2026-11-21T23:05:26.618Z');
CREATE TABLE events (
	id INTEGER NOT NULL, 
	run VARCHAR(26) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	data TEXT NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(run) REFERENCES runs (id)
);
INSERT INTO "events" VALUES(1,'01M805Q08GY5PNYDWF6MPHJP7R','read','{"paths": ["schema.sql"]}','2026-11-21T23:05:26.567Z');
INSERT INTO "events" VALUES(2,'01M805Q08GY5PNYDWF6MPHJP7R','finished','{"files": {"schema.sql": "SELECT 1;\n"}, "evidence": {"run": "01M805Q08GY5PNYDWF6MPHJP7R", "verdict": "passed", "reason": "everything that was required passed"}}','2026-11-21T23:05:26.595Z');
CREATE TABLE reports (
	id INTEGER NOT NULL, 
	run VARCHAR(26) NOT NULL, 
	seq INTEGER NOT NULL, 
	"key" VARCHAR(64) NOT NULL, 
	files TEXT NOT NULL, 
	report TEXT NOT NULL, 
	verdict VARCHAR(16) NOT NULL, 
	seconds FLOAT NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (run, seq), 
	FOREIGN KEY(run) REFERENCES runs (id)
);
INSERT INTO "reports" VALUES(1,'01M805Q08GY5PNYDWF6MPHJP7R',0,'k','{"schema.sql": "SELECT 1;\n"}','{"stages": [{"name": "sql", "state": "passed", "reason": null, "detail": "3 rules", "seconds": 0.5}], "findings": [], "not_checked": [], "suppressed": []}','passed',0.5,'2026-11-21T23:05:26.579Z');
CREATE TABLE runs (
	id VARCHAR(26) NOT NULL, 
	created VARCHAR(32) NOT NULL, 
	updated VARCHAR(32) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	detail TEXT NOT NULL, 
	sentence TEXT NOT NULL, 
	brief TEXT NOT NULL, 
	recipe TEXT NOT NULL, 
	project TEXT NOT NULL, 
	options TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	held_until FLOAT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES('01M805Q08GY5PNYDWF6MPHJP7R','2026-11-21T23:05:26.544Z','2026-11-21T23:05:26.606Z','passed','everything that was required passed','Write a shop','{"kind": "service"}','service','/srv/shop','{"slots": {}}','',0.0);
INSERT INTO "runs" VALUES('01M805Q0APDE349DGBYPRFS8YY','2026-11-21T23:05:26.614Z','2026-11-21T23:05:26.624Z','running','','Write a bank','{}','service','','{}','elsewhere:1:a',160.0);
CREATE INDEX runs_created ON runs (created);
CREATE INDEX calls_run ON calls (run);
CREATE INDEX reports_run ON reports (run);
CREATE INDEX events_run ON events (run);
COMMIT;
