// What the JavaScript SDKs of Azure do on the path. Prints one JSON object a check: {"name", "error"}; error is null where it did what it should.
const { ClientSecretCredential } = require("@azure/identity");
const { ContainerAppsAPIClient } = require("@azure/arm-appcontainers");
const { KeyVaultManagementClient } = require("@azure/arm-keyvault");
const { StorageManagementClient } = require("@azure/arm-storage");
const { ContainerRegistryManagementClient } = require("@azure/arm-containerregistry");
const { ResourceManagementClient } = require("@azure/arm-resources");
const { AuthorizationManagementClient } = require("@azure/arm-authorization");
const { ManagedServiceIdentityClient } = require("@azure/arm-msi");
const { SubscriptionClient } = require("@azure/arm-resources-subscriptions");
const { SecretClient } = require("@azure/keyvault-secrets");
const { ShareServiceClient, StorageSharedKeyCredential } = require("@azure/storage-file-share");

const given = JSON.parse(process.env.PRACTICE);
const { tenant, client, secret, subscription, vault, registry, account } = given;
const group = "rg-javascript", location = "westeurope", soon = { updateIntervalInMs: 100 };
const credential = new ClientSecretCredential(tenant, client, secret);
const kept = {};

async function check(name, run) {
  let error = null;
  try {
    const answer = await run();
    if (answer === false) error = "another answer than expected";
  } catch (problem) {
    error = String(problem.stack || problem).slice(0, 600);
  }
  console.log(JSON.stringify({ name, error }));
}

async function all(pages) {
  const items = [];
  for await (const item of pages) items.push(item);
  return items;
}

async function refusedWith(code, run) {
  try {
    await run();
  } catch (problem) {
    return problem.code === code || (problem.details && problem.details.error && problem.details.error.code === code);
  }
  return false;
}

async function main() {
  const subscriptions = new SubscriptionClient(credential);
  await check("subscriptions.list", async () => (await all(subscriptions.subscriptions.list())).length > 0);
  await check("subscriptions.listLocations", async () => (await all(subscriptions.subscriptions.listLocations(subscription))).length > 5);
  const resources = new ResourceManagementClient(credential, subscription);
  await check("resourceGroups.createOrUpdate", () => resources.resourceGroups.createOrUpdate(group, { location, tags: { team: "orders" } }));
  await check("resourceGroups.get", async () => (await resources.resourceGroups.get(group)).tags.team === "orders");
  await check("resourceGroups.list", async () => (await all(resources.resourceGroups.list())).length > 0);
  await check("resourceGroups.checkExistence", async () => (await resources.resourceGroups.checkExistence(group)).body !== false);
  await check("resourceGroups.get, absent", () => refusedWith("ResourceGroupNotFound", () => resources.resourceGroups.get("rg-nothing")));
  for (const namespace of ["Microsoft.App", "Microsoft.KeyVault", "Microsoft.Storage", "Microsoft.ContainerRegistry", "Microsoft.ManagedIdentity"])
    await check(`providers.register ${namespace}`, () => resources.providers.register(namespace));
  await check("providers.get", async () => (await resources.providers.get("Microsoft.App")).resourceTypes.length > 0);

  const identities = new ManagedServiceIdentityClient(credential, subscription);
  await check("identities.createOrUpdate", async () => {
    kept.identity = await identities.userAssignedIdentities.createOrUpdate(group, "id-js", { location });
    return Boolean(kept.identity.principalId);
  });
  await check("identities.list", async () => (await all(identities.userAssignedIdentities.listByResourceGroup(group))).length === 1);

  const vaults = new KeyVaultManagementClient(credential, subscription);
  const vaultProperties = { tenantId: tenant, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true, accessPolicies: [] };
  await check("vaults.checkNameAvailability", async () =>
    (await vaults.vaults.checkNameAvailability({ name: vault, type: "Microsoft.KeyVault/vaults" })).nameAvailable);
  await check("vaults.createOrUpdate", async () => {
    const poller = vaults.vaults.beginCreateOrUpdateAndWait || vaults.vaults.createOrUpdate;
    kept.vault = await poller.call(vaults.vaults, group, vault, { location, properties: vaultProperties }, soon);
    return kept.vault.properties.vaultUri === `https://${vault}.vault.azure.net/`;
  });
  await check("vaults.list", async () => (await all(vaults.vaults.listByResourceGroup(group))).length === 1);
  await check("vaults.listDeleted", () => all(vaults.vaults.listDeleted()));

  const roles = new AuthorizationManagementClient(credential, subscription);
  const administrator = `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/00482a5a-887f-4fb3-b363-3b7fe8e74483`;
  await check("roleAssignments.create", () =>
    roles.roleAssignments.create(kept.vault.id, "6f9b1c57-0000-4000-8000-00000000c0de", {
      principalId: given.principal, principalType: "ServicePrincipal", roleDefinitionId: administrator,
      properties: { principalId: given.principal, principalType: "ServicePrincipal", roleDefinitionId: administrator } }));
  await check("roleAssignments.listForScope", async () => (await all(roles.roleAssignments.listForScope(kept.vault.id))).length > 0);
  await check("roleDefinitions.list", async () => (await all(roles.roleDefinitions.list(kept.vault.id, { filter: "roleName eq 'AcrPull'" }))).length === 1);

  const secrets = new SecretClient(`https://${vault}.vault.azure.net`, credential);
  await check("secrets.setSecret", async () => (await secrets.setSecret("api-key", "canary")).name === "api-key");
  await check("secrets.getSecret", async () => (await secrets.getSecret("api-key")).value === "canary");
  await check("secrets.listPropertiesOfSecrets", async () => (await all(secrets.listPropertiesOfSecrets())).length === 1);
  await check("secrets.listPropertiesOfSecretVersions", async () => (await all(secrets.listPropertiesOfSecretVersions("api-key"))).length === 1);
  await check("secrets.updateSecretProperties", async () => {
    const { properties } = await secrets.getSecret("api-key");
    return (await secrets.updateSecretProperties("api-key", properties.version, { contentType: "text/plain" })).contentType === "text/plain";
  });
  await check("secrets.beginDeleteSecret", async () => (await (await secrets.beginDeleteSecret("api-key", { intervalInMs: 100 })).pollUntilDone()).name === "api-key");
  await check("secrets.listDeletedSecrets", async () => (await all(secrets.listDeletedSecrets())).length === 1);
  await check("secrets.beginRecoverDeletedSecret", async () => (await secrets.beginRecoverDeletedSecret("api-key", { intervalInMs: 100 })).pollUntilDone());
  await check("secrets.getSecret, absent", () => refusedWith("SecretNotFound", () => secrets.getSecret("nothing")));

  const registries = new ContainerRegistryManagementClient(credential, subscription);
  await check("registries.checkNameAvailability", async () =>
    (await registries.registries.checkNameAvailability({ name: registry, type: "Microsoft.ContainerRegistry/registries" })).nameAvailable);
  await check("registries.create", async () => {
    const create = registries.registries.beginCreateAndWait || registries.registries.create;
    kept.registry = await create.call(registries.registries, group, registry, { location, sku: { name: "Basic" }, adminUserEnabled: true }, soon);
    return Boolean(kept.registry);
  });
  await check("registries.get", async () => JSON.stringify(await registries.registries.get(group, registry)).includes(`${registry}.azurecr.io`));
  await check("registries.listCredentials", async () => (await registries.registries.listCredentials(group, registry)).passwords.length === 2);
  await check("registries.listUsages", () => registries.registries.listUsages(group, registry));
  await check("registries.importImage", async () => {
    const bring = registries.registries.beginImportImageAndWait || registries.registries.importImage;
    await bring.call(registries.registries, group, registry,
      { source: { registryUri: "mcr.microsoft.com", sourceImage: "k8se/quickstart:latest" }, targetTags: ["quickstart:v1"], mode: "Force" }, soon);
  });

  const storage = new StorageManagementClient(credential, subscription);
  await check("storageAccounts.checkNameAvailability", async () => (await storage.storageAccounts.checkNameAvailability({ name: account, type: "Microsoft.Storage/storageAccounts" })).nameAvailable);
  await check("storageAccounts.create", async () => {
    const create = storage.storageAccounts.beginCreateAndWait || storage.storageAccounts.create;
    return Boolean(await create.call(storage.storageAccounts, group, account, { location, kind: "StorageV2", sku: { name: "Standard_LRS" } }, soon));
  });
  await check("storageAccounts.listKeys", async () => {
    kept.key = (await storage.storageAccounts.listKeys(group, account)).keys[0].value;
    return Boolean(kept.key);
  });
  await check("usages.listByLocation", async () => (await all(storage.usages.listByLocation(location))).length === 1);
  await check("fileShares.create", () => storage.fileShares.create(group, account, "data", { shareQuota: 5 }));
  await check("fileShares.list", async () => (await all(storage.fileShares.list(group, account))).length === 1);

  const files = new ShareServiceClient(`https://${account}.file.core.windows.net`, new StorageSharedKeyCredential(account, kept.key || "bm90aGluZw=="));
  const share = files.getShareClient("data"), folder = share.getDirectoryClient("seeds"), file = folder.getFileClient("first.txt");
  await check("listShares", async () => (await all(files.listShares())).length === 1);
  await check("share.exists", async () => await share.exists());
  await check("share.create", () => files.getShareClient("logs").create({ quota: 5 }));
  await check("share.getStatistics", () => share.getStatistics());
  await check("share.delete", () => files.getShareClient("logs").delete());
  await check("directory.create", () => folder.create());
  await check("file.create and uploadRange", async () => { await file.create(5); await file.uploadRange("hello", 0, 5); });
  await check("file.downloadToBuffer", async () => (await file.downloadToBuffer()).toString() === "hello");
  await check("listFilesAndDirectories", async () => (await all(folder.listFilesAndDirectories()))[0].name === "first.txt");
  await check("file.delete", () => file.delete());
  await check("directory.delete", () => folder.delete());

  const apps = new ContainerAppsAPIClient(credential, subscription);
  const environments = apps.managedEnvironments, storages = apps.managedEnvironmentsStorages;
  await check("managedEnvironments.createOrUpdate", async () => {
    kept.environment = await environments.beginCreateOrUpdateAndWait(group, "cae-js", { location, appLogsConfiguration: { destination: "none" } }, soon);
    return Boolean(kept.environment.id);
  });
  await check("managedEnvironmentsStorages.createOrUpdate", () =>
    storages.createOrUpdate(group, "cae-js", "files", { properties: { azureFile: { accountName: account, accountKey: kept.key, shareName: "data", accessMode: "ReadWrite" } } }));
  await check("managedEnvironmentsStorages.list", async () => (await storages.list(group, "cae-js")).value.length === 1);
  await check("usages.list", async () => (await all(apps.usages.list(location))).length > 0);
  const container = { name: "api", image: "mcr.microsoft.com/k8se/quickstart:latest", env: [{ name: "COLOUR", value: "blue" }] };
  await check("containerApps.createOrUpdate", async () => {
    kept.app = await apps.containerApps.beginCreateOrUpdateAndWait(group, "capp-js", {
      location, environmentId: kept.environment.id, identity: { type: "SystemAssigned" },
      configuration: { ingress: { external: true, targetPort: 80 }, secrets: [{ name: "greeting", value: "hello" }] },
      template: { containers: [container], scale: { minReplicas: 1, maxReplicas: 1 } } }, soon);
    return kept.app.provisioningState === "Succeeded";
  });
  await check("containerApps.get", async () => (await apps.containerApps.get(group, "capp-js")).configuration.ingress.targetPort === 80);
  await check("containerApps.listByResourceGroup", async () => (await all(apps.containerApps.listByResourceGroup(group))).length === 1);
  await check("containerApps.listSecrets", async () => (await apps.containerApps.listSecrets(group, "capp-js")).value[0].value === "hello");
  await check("containerApps.update", () =>
    apps.containerApps.beginUpdateAndWait(group, "capp-js", { location, template: { containers: [{ ...container, env: [] }] } }, soon));
  await check("containerAppsRevisions.listRevisions", async () => {
    kept.revision = (await all(apps.containerAppsRevisions.listRevisions(group, "capp-js"))).at(-1).name;
    return Boolean(kept.revision);
  });
  await check("containerAppsRevisions.restartRevision", () => apps.containerAppsRevisions.restartRevision(group, "capp-js", kept.revision));
  await check("containerAppsRevisionReplicas.listReplicas", async () => (await apps.containerAppsRevisionReplicas.listReplicas(group, "capp-js", kept.revision)).value);
  await check("containerApps.get, absent", () => refusedWith("ResourceNotFound", () => apps.containerApps.get(group, "nothing")));
  await check("jobs.list", async () => (await all(apps.jobs.listByResourceGroup(group))).length === 0);
  await check("containerApps.delete", () => apps.containerApps.beginDeleteAndWait(group, "capp-js", soon));
  await check("resourceGroups.delete", () => resources.resourceGroups.beginDeleteAndWait(group, soon));
}

main();
