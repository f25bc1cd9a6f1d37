BEGIN TRANSACTION;
CREATE TABLE notes (step TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (step, key));
CREATE TABLE operations (
    step TEXT NOT NULL, kind TEXT NOT NULL, token TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (step, kind)
);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, steps INTEGER NOT NULL, pid INTEGER NOT NULL, started REAL NOT NULL, ended REAL, outcome TEXT, done INTEGER
);
INSERT INTO "runs" VALUES(1,23,23401,1.79604401576933479312e+09,NULL,NULL,3);
CREATE TABLE steps (
    run INTEGER NOT NULL, step TEXT NOT NULL, at REAL NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
    code TEXT NOT NULL, message TEXT NOT NULL
);
INSERT INTO "steps" VALUES(1,'project.resource_group',1.79604401595323681832e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'provider.Microsoft.KeyVault',1.79604401792178606988e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'key_vault.vault',1.79604401795391678811e+09,'make','intended','','');
INSERT INTO "steps" VALUES(1,'provider.Microsoft.ContainerRegistry',1.7960440179790718555e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'provider.Microsoft.Storage',1.79604401801197934148e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'provider.Microsoft.App',1.79604401804602622984e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'registry.registry',1.79604401807266354559e+09,'make','intended','','');
INSERT INTO "steps" VALUES(1,'storage.account',1.79604401808483934402e+09,'make','intended','','');
INSERT INTO "steps" VALUES(1,'environment.environment',1.7960440181017694473e+09,'make','intended','','');
INSERT INTO "steps" VALUES(1,'registry.registry',1.79604401929201865193e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'key_vault.vault',1.79604401972176766391e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'storage.account',1.79604402031157660488e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'storage.share.files',1.79604402035031938556e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'storage.backup',1.79604402035735034948e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'key_vault.administrator',1.79604402132681155207e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'key_vault.secret.api-key',1.79604402137694740297e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'pipeline.image',1.79604402530769824983e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'environment.environment',1.79604403023814725875e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'app.identity',1.79604403027782559389e+09,'make','intended','','');
INSERT INTO "steps" VALUES(1,'environment.storage.files',1.79604403039562416071e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'app.identity',1.79604403354713797573e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'identity.acr_pull',1.79604403377226567268e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'identity.secrets_user',1.79604403379280042648e+09,'make','done','','');
INSERT INTO "steps" VALUES(1,'app.revision',1.79604403387408709529e+09,'make','intended','','');
INSERT INTO "steps" VALUES(1,'app.revision',1.79604403415240669247e+09,'make','intended','','');
INSERT INTO "steps" VALUES(1,'app.revision',1.79604403441774821284e+09,'make','intended','','');
INSERT INTO "steps" VALUES(1,'app.revision',1.79604403469478917125e+09,'make','intended','','');
COMMIT;
PRAGMA user_version = 1;
