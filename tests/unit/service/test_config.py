"""Configuration: precedence, and every problem at once with where it came from and what to do."""

from pathlib import Path

import pytest

from headwater.service.config import ConfigurationError, load_settings
from headwater.service.settings import Settings, setting_keys, state_folder


def test_nothing_given_means_the_defaults() -> None:
    assert load_settings() == Settings()


def test_flags_beat_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    file = tmp_path / "headwater.toml"
    file.write_text('[nats]\nurl = "nats://file"\n[log]\nlevel = "debug"\n[engine]\nbatch_max = 7\n')
    settings = load_settings(
        flags={"nats.url": "nats://flag", "log.level": None},
        environment={"HEADWATER_NATS": "nats://environment", "HEADWATER_LOG_LEVEL": "error"},
        config_file=file,
    )
    assert (settings.nats.url, settings.log.level, settings.engine.batch_max) == ("nats://flag", "error", 7)


def test_numbers_from_the_environment_are_read_as_numbers() -> None:
    settings = load_settings(environment={"HEADWATER_ENGINE_CHECKPOINT_SECONDS": "2.5", "HEADWATER_EMBEDDED_PORT": "4333"})
    assert (settings.engine.checkpoint_seconds, settings.embedded.port) == (2.5, 4333)


def test_every_problem_is_told_at_once_with_its_origin_and_a_remedy(tmp_path: Path) -> None:
    file = tmp_path / "headwater.toml"
    file.write_text('[engine]\nbatch_max = "many"\nbatchmax = 1\n[natz]\nurl = "x"\n')
    with pytest.raises(ConfigurationError) as caught:
        load_settings(
            flags={"log.level": "loud"},
            environment={"HEADWATER_ENGINE_ALERT_CONFIDENCE_MIN": "2", "HEADWATER_NATS_URL": "x", "HEADWATER_NATS_TLS_KEY": "/none.pem"},
            config_file=file,
        )
    told = [str(problem) for problem in caught.value.problems]
    assert [problem.origin for problem in caught.value.problems] == [
        f"{file}: engine.batchmax",
        f"{file}: [natz]",
        "HEADWATER_NATS_URL",
        f"{file}: engine.batch_max",
        "HEADWATER_ENGINE_ALERT_CONFIDENCE_MIN",
        "--log-level",
        "HEADWATER_NATS_TLS_KEY",
        "HEADWATER_NATS_TLS_KEY",
    ]
    assert "did you mean engine.batch_max?" in told[0]
    assert "did you mean nats?" in told[1]
    assert "debug | info | warning | error" in told[5]
    assert "there is no file '/none.pem'" in told[7]


def test_two_ways_to_log_in_are_refused_and_secrets_are_not_printed() -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_settings(flags={"nats.token": "t" * 5_000}, environment={"HEADWATER_NATS_USER": "me", "HEADWATER_NATS_PASSWORD": "secret"})
    text = str(caught.value)
    assert "second way to log in" in text
    assert "ttt" not in text
    assert "secret" not in text


def test_a_file_that_is_not_toml_says_where(tmp_path: Path) -> None:
    file = tmp_path / "headwater.toml"
    file.write_text("nats: {}\n")
    with pytest.raises(ConfigurationError, match=r"is not TOML.*line 1"):
        load_settings(config_file=file)


def test_a_file_that_was_named_must_exist_and_one_that_was_not_need_not(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_settings(config_file=tmp_path / "absent.toml")
    assert load_settings(environment={"XDG_CONFIG_HOME": str(tmp_path)}) == Settings()


def test_the_variables_that_kubernetes_makes_for_a_service_named_headwater_are_no_problem() -> None:
    environment = {
        "HEADWATER_SERVICE_HOST": "10.0.0.1",
        "HEADWATER_SERVICE_PORT_HTTP": "80",
        "HEADWATER_PORT": "tcp://10.0.0.1:80",
        "HEADWATER_PORT_80_TCP_ADDR": "10.0.0.1",
        "HEADWATER_NATS_SERVICE_HOST": "10.0.0.2",
        "HEADWATER_NATS_PORT_4222_TCP": "tcp://10.0.0.2:4222",
    }
    assert load_settings(environment=environment) == Settings()


def test_every_setting_has_a_description_a_type_and_a_variable_of_its_own() -> None:
    keys = setting_keys()
    assert all(key.description.endswith(".") and key.type_name for key in keys)
    assert len({key.environment for key in keys}) == len(keys) == len({key.key for key in keys})


def test_the_state_folder_follows_the_specification() -> None:
    assert state_folder({"XDG_STATE_HOME": "/s"}) == Path("/s/headwater")
    assert state_folder({"XDG_STATE_HOME": "relative", "HOME": "/home/me"}) == Path("/home/me/.local/state/headwater")
