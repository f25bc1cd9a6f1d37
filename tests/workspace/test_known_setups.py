"""Where the program writes, and who may read it."""

import stat

import pytest

from wizard.platform.folders import home, private_file, private_folder, write_private


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_the_home_can_be_moved_and_is_the_owners_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "deep" / "home"))
    assert home() == tmp_path / "deep" / "home"
    assert mode(home()) == mode(tmp_path / "deep") == 0o700


def test_without_a_choice_it_is_the_users_data_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("AZWIZARD_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert home().name == "azwizard"
    assert tmp_path in home().parents


def test_a_folder_open_to_others_is_closed(tmp_path):
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    assert mode(private_folder(folder)) == 0o700


def test_what_a_link_leads_to_keeps_its_mode(tmp_path):
    of_the_person, link = tmp_path / "shared", tmp_path / "link"
    of_the_person.mkdir()
    of_the_person.chmod(0o775)
    link.symlink_to(of_the_person)
    assert private_folder(link) == link
    assert mode(of_the_person) == 0o775


def test_a_home_that_is_open_to_others_keeps_its_mode_and_what_lies_in_it_is_closed(tmp_path, monkeypatch):
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o775)
    monkeypatch.setenv("AZWIZARD_HOME", str(shared))
    file = private_file(home() / "practice.lock")
    write_private(home() / "preferences.json", "{}")
    inner = private_folder(home() / "journal")
    assert (mode(shared), mode(file), mode(home() / "preferences.json"), mode(inner)) == (0o775, 0o600, 0o600, 0o700)


def test_a_file_keeps_its_content_and_loses_other_readers(tmp_path):
    file = tmp_path / "a"
    file.write_text("kept")
    file.chmod(0o644)
    assert private_file(file).read_text() == "kept"
    assert mode(file) == 0o600


def test_a_write_that_fails_leaves_the_old_content_and_no_remains(tmp_path):
    file = tmp_path / "folder" / "a"
    write_private(file, "old")
    with pytest.raises(UnicodeEncodeError):
        write_private(file, "new \udc80")
    assert file.read_text() == "old"
    assert mode(file) == 0o600
    assert list(file.parent.iterdir()) == [file]
