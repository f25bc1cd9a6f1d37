"""Build: your code becomes an image in the registry."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from wizard.platform.git_remote import GitHubPlace, GitPlace, git_place, github_place
from wizard.platform.language import N_
from wizard.sections import name_rules
from wizard.sections.name_rules import NameRule
from wizard.sections.question import Ask
from wizard.sections.section import Explanation, Section

FOLDER = NameRule(
    r'((?!.*(^|/)\.{0,2}(/|$))[^\\:*?"<>|\x00-\x1f]+)?',
    N_("“{name}” is no folder in a repository: write it like services/orders, from the repository's top."),
)


REGISTRY_ID = NameRule(
    r"(/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.ContainerRegistry/registries/[a-zA-Z0-9]+)?",
    N_("“{name}” is no id of a container registry: it begins with /subscriptions/ and ends with /registries/ and its name."),
)
OWNER = NameRule(
    r"([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))?",
    N_("“{name}” is no name of an account on GitHub: it has letters, digits and hyphens, such as contoso in github.com/contoso/orders."),
)
BRANCH = NameRule(
    r"((?!.*(\.\.|//|@\{|\.lock(/|$)|[./]$))[^\s~^:?*\[\\/.][^\s~^:?*\[\\]*)?",
    N_("“{name}” is no name of a branch: write it like main, without refs/heads/."),
)


def _in_azure_devops(answers: Any) -> bool:
    """Whether Azure DevOps builds the image."""
    return bool(answers.pipeline.build == "azure-devops")


def _in_github(answers: Any) -> bool:
    """Whether GitHub builds the image."""
    return bool(answers.pipeline.build == "github")


def _in_repository(answers: Any) -> bool:
    """Whether the image is built from a repository."""
    return bool(answers.pipeline.in_repository)


class Pipeline(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The table ``[pipeline]``."""

    build: Annotated[
        Literal["azure-devops", "github", "registry", "docker", "existing"],
        Ask(
            label=N_("Who builds the image"),
            why=N_(
                "The registry builds from your folder, or this computer does with Docker or Podman and sends the image, or a pipeline in "
                "Azure DevOps or a workflow on GitHub from your repository; or the image is there already."
            ),
            choices=("azure-devops", "github", "registry", "docker", "existing"),
        ),
    ] = "registry"
    organization: Annotated[
        str,
        Ask(
            label=N_("Azure DevOps organisation"),
            why=N_("The first part of your address in Azure DevOps: dev.azure.com/<organisation>."),
            derive=lambda answers: _by_git(answers, "organization"),
            check=name_rules.ORGANIZATION,
            shown_when=_in_azure_devops,
        ),
    ] = ""
    project: Annotated[
        str,
        Ask(
            label=N_("Azure DevOps project"),
            why=N_("The project in Azure DevOps that holds your repository."),
            derive=lambda answers: _by_git(answers, "project") or answers.project.name,
            check=name_rules.DEVOPS_PROJECT,
            shown_when=_in_azure_devops,
        ),
    ] = ""
    owner: Annotated[
        str,
        Ask(
            label=N_("GitHub account"),
            why=N_("Who owns the repository: the first part of its address, github.com/<account>/<repository>."),
            derive=lambda answers: _by_git(answers, "owner"),
            check=OWNER,
            shown_when=_in_github,
        ),
    ] = ""
    repository: Annotated[
        str,
        Ask(
            label=N_("Repository"),
            why=N_("The Git repository with your API's code."),
            derive=lambda answers: _by_git(answers, "repository") or answers.pipeline.image.rpartition("/")[2],
            shown_when=_in_repository,
        ),
    ] = ""
    branch: Annotated[
        str,
        Ask(
            label=N_("Branch"),
            why=N_("What is pushed to this branch on GitHub is built; no other branch may send images."),
            derive=lambda answers: (_by_git(answers, "branch") or "main") if _in_github(answers) else "",
            check=BRANCH,
            shown_when=_in_github,
        ),
    ] = ""
    deploy: Annotated[
        bool,
        Ask(
            label=N_("A push puts it online"),
            why=N_("What is pushed to that branch is not only built, but takes the place of the version that runs, without azwizard."),
            shown_when=_in_github,
        ),
    ] = False
    folder: Annotated[
        str,
        Ask(
            label=N_("Folder in the repository"),
            why=N_("Where your API's code lies in the repository, when that holds other projects too; empty for all of it."),
            derive=lambda answers: _folder_by_git(answers),
            check=FOLDER,
            shown_when=_in_repository,
        ),
    ] = ""
    connection: Annotated[
        Literal["identity", "automatic"],
        Ask(
            label=N_("How your pipeline signs in to Azure"),
            why=N_("As an identity made for it, which takes no right in the directory; or as an application that Azure DevOps registers."),
            choices=("identity", "automatic"),
            shown_when=_in_azure_devops,
        ),
    ] = "identity"
    dockerfile: Annotated[
        str,
        Ask(
            label=N_("Dockerfile"),
            why=N_("The recipe of your image; the path is relative to your code's folder."),
            check=name_rules.check_path,
            shown_when=lambda answers: answers.pipeline.build != "existing",
        ),
    ] = "Dockerfile"
    check_code: Annotated[
        bool,
        Ask(
            label=N_("Build only what can work"),
            why=N_("Your code is checked first, and not built while something in it would certainly fail in Azure."),
            shown_when=lambda answers: answers.pipeline.builds_folder,
        ),
    ] = True
    image: Annotated[
        str,
        Ask(
            label=N_("Name of the image"),
            why=N_("What your API's images are called in the registry."),
            derive=lambda answers: answers.project.name,
            check=name_rules.IMAGE,
        ),
    ] = ""
    tag: Annotated[
        str,
        Ask(
            label=N_("Tag of the image"),
            why=N_("Which of the images in the registry to run: its tag, or its digest (sha256:...)."),
            check=name_rules.TAG,
            shown_when=lambda answers: answers.pipeline.build == "existing",
        ),
    ] = "latest"
    import_from: Annotated[
        str,
        Ask(
            label=N_("Registry that has the image"),
            why=N_("The id of the registry that the image is copied from, as it is, where yours lacks it; azwizard promote writes it."),
            check=REGISTRY_ID,
            shown_when=lambda answers: bool(answers.pipeline.import_from),
        ),
    ] = ""

    @property
    def builds_folder(self) -> bool:
        """Whether the wizard has the image built from the folder, with the classic builder: in the registry or on this computer."""
        return self.build in ("registry", "docker")

    @property
    def in_repository(self) -> bool:
        """Whether a run builds the image from a repository: in Azure DevOps or on GitHub."""
        return self.build in ("azure-devops", "github")

    @property
    def has_identity(self) -> bool:
        """Whether the run signs in to Azure as an identity that is made for it."""
        return self.build == "github" or (self.build, self.connection) == ("azure-devops", "identity")


def _by_git(answers: Any, part: str) -> str:
    """What the code's own Git says of where it lies."""
    place = _place(answers)
    return str(getattr(place, part, "")) if place else ""


def _folder_by_git(answers: Any) -> str:
    """The code's folder in the repository of the answers; in any other repository it says nothing."""
    place, pipeline = _place(answers), answers.pipeline
    if isinstance(place, GitHubPlace):
        return place.folder if place.is_in(pipeline.owner, pipeline.repository) else ""
    return place.folder if place and place.is_in(pipeline.organization, pipeline.project, pipeline.repository) else ""


def _place(answers: Any) -> GitPlace | GitHubPlace | None:
    if _in_github(answers):
        return github_place(answers.source_folder)
    return git_place(answers.source_folder) if _in_azure_devops(answers) else None


SECTION = Section(
    name="pipeline",
    title=N_("Build"),
    azure_term="Pipeline",
    why=N_("Your code is packed with all it needs into an image, which Azure can run."),
    explanation=Explanation(
        what=N_(
            "Building turns your folder into an image, following the Dockerfile. The registry can build it by itself: your "
            "folder is sent there, without what .dockerignore names. In a company, a pipeline in Azure DevOps often builds "
            "on every change."
        ),
        cost=N_("The registry builds by the second: a fraction of a cent for a small API."),
        article=N_(
            "Builds with a pipeline in Azure DevOps, and tags the image latest. Here the running version is also pinned to its digest."
        ),
        portal=N_("Portal: your registry › Services › Tasks, or dev.azure.com › Pipelines"),
    ),
    key="pipeline",
    answers=Pipeline,
)
