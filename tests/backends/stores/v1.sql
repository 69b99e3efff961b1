-- written by the code of b2c1521: a store of version 1
PRAGMA application_id = 1986096248;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE replies (
    id            TEXT NOT NULL PRIMARY KEY,
    model         TEXT NOT NULL,
    model_id      TEXT NOT NULL,
    revision      TEXT NOT NULL,
    prompt        TEXT NOT NULL,
    messages      TEXT NOT NULL,
    temperature   REAL,
    top_p         REAL,
    max_tokens    INTEGER NOT NULL,
    draw          INTEGER NOT NULL,
    text          TEXT NOT NULL,
    outcome       TEXT NOT NULL CHECK (outcome IN ('answered', 'refused', 'truncated', 'failed')),
    detail        TEXT NOT NULL,
    finish_reason TEXT NOT NULL,
    tokens_in     INTEGER,
    tokens_out    INTEGER,
    engine        TEXT NOT NULL,
    stored_at     TEXT NOT NULL
);
INSERT INTO "replies" VALUES('62b6a3bec93afbbb37dd9c0ab9671755','acme-7b','acme/acme-7b','main','elicit.v1/p0','[["system","Be brief."],["user","What matters most to you? (0)"]]',0.7,0.95,64,0,'- honesty
- café   courage','answered','','stop',12,9,'test','2026-11-28T21:56:25+00:00');
INSERT INTO "replies" VALUES('df355faccaa13564a77ca03eb2f476af','acme-7b','acme/acme-7b','main','elicit.v1/p1','[["system","Be brief."],["user","What matters most to you? (1)"]]',0.7,0.95,64,1,'','failed','http 500','',NULL,NULL,'','2026-11-28T21:56:25+00:00');
INSERT INTO "replies" VALUES('c47645ff79b642ea33182ebb748e3517','acme-7b','acme/acme-7b','main','elicit.v1/p2','[["system","Be brief."],["user","What matters most to you? (2)"]]',0.7,0.95,64,2,'I would ra','truncated','','length',NULL,NULL,'','2026-11-28T21:56:25+00:00');
INSERT INTO "replies" VALUES('04ea7152f296b10fd5382a7df26d6d2b','acme-7b','acme/acme-7b','main','elicit.v1/p3','[["system","Be brief."],["user","What matters most to you? (3)"]]',NULL,0.9,0,3,'kindness, justice','answered','','',NULL,NULL,'','2026-11-28T21:56:25+00:00');
CREATE INDEX replies_by_model ON replies (model, outcome);
CREATE INDEX replies_by_revision ON replies (revision);
COMMIT;
