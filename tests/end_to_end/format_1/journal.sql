BEGIN TRANSACTION;
CREATE TABLE notes (step TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (step, key));
CREATE TABLE operations (
    step TEXT NOT NULL, kind TEXT NOT NULL, token TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (step, kind)
);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, steps INTEGER NOT NULL, pid INTEGER NOT NULL, started REAL NOT NULL, ended REAL, outcome TEXT, done INTEGER
);
INSERT INTO "runs" VALUES(1,23,20212,1.79604386823272943497e+09,1.79604387250067257884e+09,'succeeded',23);
CREATE TABLE steps (
    run INTEGER NOT NULL, step TEXT NOT NULL, at REAL NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
    code TEXT NOT NULL, message TEXT NOT NULL
);
INSERT INTO "steps" VALUES(1,'project.resource_group',1.79604386834223103521e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'provider.Microsoft.KeyVault',1.79604386836227440833e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'provider.Microsoft.ContainerRegistry',1.79604386836986112596e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'provider.Microsoft.Storage',1.7960438683974978924e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'provider.Microsoft.App',1.79604386844764184953e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'key_vault.vault',1.7960438684541921616e+09,'make','intended','','');
INSERT INTO "steps" VALUES(1,'registry.registry',1.7960438684575176239e+09,'make','intended','','');
INSERT INTO "steps" VALUES(1,'storage.account',1.79604386846479415892e+09,'make','intended','','');
INSERT INTO "steps" VALUES(1,'environment.environment',1.79604386846915173529e+09,'make','intended','','');
INSERT INTO "steps" VALUES(1,'storage.account',1.79604386862411141397e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'registry.registry',1.79604386868407797815e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'environment.environment',1.79604386877972865103e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'storage.share.files',1.79604386883346128465e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'app.identity',1.79604386884906220439e+09,'make','intended','','');
INSERT INTO "steps" VALUES(1,'storage.backup',1.79604386888144803048e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'key_vault.vault',1796043869.00474,'make','done','','');
INSERT INTO "steps" VALUES(1,'environment.storage.files',1.79604386903256082533e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'key_vault.administrator',1.79604386911256504056e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'key_vault.secret.api-key',1.79604386918548154829e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'pipeline.image',1.79604386963595938678e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'app.identity',1.79604387044927549365e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'identity.acr_pull',1.79604387051187896727e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'identity.secrets_user',1.79604387058772063255e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'app.revision',1.79604387070104312904e+09,'make','intended','','');
INSERT INTO "steps" VALUES(1,'app.revision',1.79604387234737086298e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'app.running',1.79604387249181962011e+09,'make','done','','');
COMMIT;
PRAGMA user_version = 1;
