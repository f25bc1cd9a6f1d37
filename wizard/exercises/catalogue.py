"""The exercises, in the order in which they are told."""

from __future__ import annotations

from wizard.exercises import checks, troubles
from wizard.exercises.exercise import Change, Exercise
from wizard.platform.language import N_

BIND = "0.0.0.0:5000"
DEPLOY = N_("Deploy the API: azwizard apply --practice. Bring it to where it answers; azwizard doctor --practice says what it finds.")
SHARE = """
[[storage.shares]]
designation = "db"
mount = "/srv/data"
nobrl = true

[[variables]]
name = "DATABASE_PATH"
value = "/srv/data/visits.db"
"""
DATABASE: tuple[Change, ...] = (("azwizard.toml", "", SHARE),)
SECOND_VERSION: Change = ("app.py", "VERSION = 1", "VERSION = 2")

EXERCISES = (
    Exercise(
        name="port",
        title=N_("The API listens on another port than Azure calls"),
        goal=DEPLOY,
        hints=(
            N_("Two numbers must be the same: where your code listens, and where Azure calls it."),
            N_("The first stands in the Dockerfile's last line, the second in azwizard.toml, [app] port."),
            N_("Write port = 8080 in azwizard.toml, or 5000 in the Dockerfile's last line; then azwizard apply --practice."),
        ),
        changes=(("Dockerfile", BIND, BIND.replace("5000", "8080")),),
        checks=(checks.answers,),
    ),
    Exercise(
        name="loopback",
        title=N_("The API listens on 127.0.0.1"),
        goal=DEPLOY,
        hints=(
            N_("127.0.0.1 is reached only from inside the same container; Azure calls from outside."),
            N_("Look at the address after --bind in the Dockerfile's last line."),
            N_("Write 0.0.0.0:5000 there, which means every address of the container; then azwizard apply --practice."),
        ),
        changes=(("Dockerfile", BIND, "127.0.0.1:5000"),),
        checks=(checks.answers,),
    ),
    Exercise(
        name="missing-role",
        title=N_("The app may not pull its image any more"),
        goal=N_(
            "The API runs, and someone tidied up: a right of its identity is gone. Find which (azwizard plan --practice), and give it back "
            "before the next start (azwizard apply --practice)."
        ),
        hints=(
            N_("An app gets in by roles of its identity. Which does it need to fetch its image?"),
            N_("azwizard plan --practice lists what is not there any more."),
            N_("It is AcrPull at the registry; azwizard apply --practice gives it again."),
        ),
        deployed=True,
        trouble=troubles.take_the_role_away,
        checks=(checks.may_pull, checks.answers),
    ),
    Exercise(
        name="rotated-key",
        title=N_("The storage account got other keys"),
        goal=N_(
            "Last night the keys of the storage account were changed, and since the last start the API is gone. Find out why "
            "(azwizard doctor --practice), and bring it back (azwizard doctor --practice --fix)."
        ),
        hints=(
            N_("The environment mounts the share with a key of the storage account. Which one does it know?"),
            N_("azwizard doctor --practice says what Azure reports about the mount."),
            N_("azwizard doctor --practice --fix gives the environment the new key and starts the API anew."),
        ),
        changes=DATABASE,
        deployed=True,
        trouble=troubles.rotate_the_key,
        checks=(checks.answers,),
    ),
    Exercise(
        name="nobrl",
        title=N_("SQLite says that the database is locked"),
        goal=DEPLOY,
        hints=(
            N_("A database file on a file share: who keeps the locks of its bytes?"),
            N_("A mount option keeps the locks on the computer that mounts the share, instead of sending them to the server."),
            N_("Write nobrl = true at the share in azwizard.toml; then azwizard apply --practice."),
        ),
        changes=(*DATABASE, ("azwizard.toml", "nobrl = true", "nobrl = false")),
        checks=(checks.mounts_with_nobrl, checks.answers),
    ),
    Exercise(
        name="latest",
        title=N_("A new image under the tag latest, and the API stays old"),
        goal=N_(
            "A colleague built version 2 and pushed it as latest, but the API still greets with version 1. See what azwizard plan "
            "--practice says of it, and make it run version 2: azwizard apply --practice."
        ),
        hints=(
            N_("Azure reads a tag once, when a version of the app begins. Does anything happen when the tag is moved?"),
            N_("azwizard plan --practice compares the image that runs with the one that the tag names now."),
            N_("azwizard apply --practice makes a version of the app that runs the new image, by its digest."),
        ),
        deployed=True,
        later=(SECOND_VERSION, ("azwizard.toml", 'build = "registry"', 'build = "existing"\ntag = "latest"')),
        trouble=troubles.push_as_latest,
        checks=(checks.greets_with(2),),
    ),
    Exercise(
        name="crash",
        title=N_("The API ends as soon as it starts"),
        goal=DEPLOY,
        hints=(
            N_("Python says why it ended; azwizard logs --practice shows it."),
            N_("A KeyError at os.environ is a variable that nobody set."),
            N_('Add [[variables]] with name = "GREETING" and a value to azwizard.toml; then azwizard apply --practice.'),
        ),
        changes=(
            ("app.py", "VERSION = 1", 'VERSION = 1\nGREETING = os.environ["GREETING"]'),
            ("app.py", 'greeting="Hello"', "greeting=GREETING"),
        ),
        checks=(checks.answers,),
    ),
    Exercise(
        name="administrator",
        title=N_("An administrator must be asked"),
        goal=N_(
            "You are a contributor, who may not give roles. Ask for what is missing, be the administrator for a minute, "
            "and finish as a contributor: azwizard apply --practice."
        ),
        hints=(
            N_("azwizard check --practice says which rights are missing, azwizard handoff --practice writes what to send."),
            N_("azwizard practice fault account:owner makes you the administrator, who runs the script, or applies the setup once."),
            N_("Afterwards: azwizard practice fault account:contributor, and azwizard apply --practice once more."),
        ),
        faults=("account:contributor",),
        checks=(checks.may_pull, checks.answers, checks.still_a_contributor),
    ),
    Exercise(
        name="rollback",
        title=N_("The new version is broken: go back"),
        goal=N_(
            "Version 2 went out a minute ago, and / answers with an error. Bring version 1 back first (azwizard releases --practice lists "
            "the versions, azwizard rollback --practice goes back); the code is mended later."
        ),
        hints=(
            N_("Each deployment is a version of its own, and the image of the one before is still in the registry."),
            N_("In Azure you choose which image runs; azwizard keeps the last versions in a list."),
            N_("azwizard rollback --practice runs the version before; putting the code back and deploying is the long way."),
        ),
        deployed=True,
        later=(SECOND_VERSION, ("app.py", 'greeting="Hello"', 'greeting=["Hello"][VERSION]')),
        redeployed=True,
        checks=(checks.greets_with(1),),
    ),
    Exercise(
        name="bill",
        title=N_("The bill is too high"),
        goal=N_(
            "The API costs more than 60 USD a month, although nobody calls it. Bring it below 5 USD while nobody calls: change "
            "azwizard.toml, see what azwizard plan --practice says it costs, then azwizard apply --practice."
        ),
        hints=(
            N_("Each copy that always runs is paid for by the second, by its cores and its memory."),
            N_("azwizard plan --practice says what running costs while nobody calls: min_replicas, cpu."),
            N_("Write min_replicas = 0 at [app] in azwizard.toml; then azwizard apply --practice."),
        ),
        changes=(("azwizard.toml", "port = 5000", "port = 5000\ncpu = 1.0\nmin_replicas = 3\nmax_replicas = 3"),),
        deployed=True,
        checks=(checks.costs_little, checks.answers),
    ),
)
