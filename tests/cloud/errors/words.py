"""What the sign-in service, the platform and an app say, as errors.md has it recorded or quoted: entry, words, and what must come of it."""

from __future__ import annotations

from tests.cloud.errors.refusals import NO_IMAGE

MOUNT = (
    'MountVolume.SetUp failed for volume "db" : rpc error: code = Internal desc = volume({csi-1}) mount //st.file.core.windows.net/db on '
    "/x failed with mount failed: exit status 32\nOutput: mount error(13): Permission denied"
)
CONNECT = (
    "upstream connect error or disconnect/reset before headers. retried and the latest reset reason: remote connection failure, "
    "transport failure reason: delayed connect error: 111"
)


# quoted: Azure/acr#633
DENIED = (
    'Failed to pull image "r.azurecr.io/api:1": Head "https://r.azurecr.io/v2/api/manifests/1": denied: client with IP \'20.1.2.3\' is not '
    "allowed access. Refer https://aka.ms/acr/firewall to grant access."
)
SIGN_INS = [
    ("5", "AADSTS700082: The refresh token has expired due to inactivity.", "no longer valid"),
    ("6", "No subscriptions found for ada@contoso.com.", "sees no subscription"),
    (
        "",
        "This credential doesn't support claims challenges. To authenticate with the required claims, please run the following command "
        "(requires Azure CLI version 2.76.0 or later): az login --claims-challenge eyJhIjp7fX0=",
        "second factor for this. Run this in another window, give the second factor there, then do the same again: "
        "az login --claims-challenge eyJhIjp7fX0=",
    ),
    ("", "Please run 'az login' to set up an account", "az login"),
    ("", "Azure CLI not found on path", "is not installed on this computer"),
    ("", "Authentication failed: authorization_declined", "was refused"),
    ("", "EnvironmentCredential authentication unavailable. Environment variables are not fully configured.", "AZURE_CLIENT_ID"),
    ("", "AADSTS7000215: Invalid client secret provided.", "AZURE_CLIENT_SECRET"),
    ("", "AADSTS700016: Application with identifier 'x' was not found", "application"),
    ("", "AADSTS90002: Tenant 'x' not found.", "tenant"),
    (
        "",
        "AADSTS50020: User account 'ada@outlook.com' from identity provider 'live.com' does not exist in tenant 'Contoso' and cannot "
        "access the application '04b07795-8ddb-461a-bbee-02f9e1bf7b46' in that tenant.",
        "does not belong to this organization",
    ),
    ("", "Authentication failed: HTTPSConnectionPool(...): Max retries exceeded (Caused by NameResolutionError(...))", "cannot be reached"),
    ("", "AADSTS50076: you must use multi-factor authentication", "second factor"),
    ("", "AADSTS70020: The provided value for the input parameter 'device_code' is not valid.", "in time"),
]
SAID = [
    ("", "RequirementNotInstallableHere: no network", "requirement-not-installable"),
    ("", "ERROR: No matching distribution found for no-such-package==1", "requirement-not-installable"),
    ("", "InstallingRequirements: flask, 12 s", "installing"),
    ("", "NotRehearsed: Dockerfile:4 RUN make assets", "not-rehearsed"),
    ("", "NotRehearsed: practice runs this with Python 3.11, and the image has Python 3.9", "not-rehearsed"),
    ("", "CannotBeConfined", "not-rehearsed"),
    ("47", "failed to login, ran out of retries", "build-network"),
    ("50", "Deployment Progress Deadline Exceeded. 0/1 replicas ready.", "not-listening"),
    ("51", CONNECT, "not-listening"),
    ("52", "The TargetPort 80 does not match the listening port 9001.", "wrong-port"),
    ("52", "The TargetPort 80 does not match any of the listening ports: [9001 9000].", "wrong-port"),
    ("53", MOUNT, "mount-failed"),
    ("54", "Key based authentication is not permitted on this storage account.", "shared-key-disabled"),
    ("55", "sqlite3.OperationalError: database is locked", "database-locked"),
    ("38", f"Failed to pull image: {NO_IMAGE}", "image-missing"),
    ("38", "ImagePullBackOff: Back-off pulling image", "pull-denied"),
    ("39", "unable to fetch secret 'jwt-key' using Managed identity 'system'", "secret-unreadable"),
    ("", "Container 'api' was terminated with exit code '137' and reason 'OOMKilled'", "out-of-memory"),
    ("", "[2026-11-22 10:00:00 +0000] [1] [ERROR] Worker (pid:7) was sent SIGKILL! Perhaps out of memory?", "out-of-memory"),
    ("", "Probe of Readiness failed with status code: 404", "probe-failed"),
    ("", DENIED, "registry-firewall"),
    ("", "ModuleNotFoundError: No module named 'flask'", "crash"),
    ("", "redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused.", "crash"),
    ("", "pymongo.errors.ConfigurationError: cannot open /etc/resolv.conf", "crash"),
    ("", "Failed to resolve 'verify.example' ([Errno -3] Temporary failure in name resolution)", "crash"),
    ("", 'failed to start container "api": exec: "guncorn": executable file not found in $PATH: unknown', "crash"),
    ("", "Container 'api' was terminated with exit code '1' and reason 'Error'", "crash"),
]
