"""Which Azure is meant."""

import pytest

from wizard.cloud.transport.endpoints import chosen_azure


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({}, "public"),
        ({"AZURE_SDK_CLOUD_CONF": "AZURE_US_GOVERNMENT"}, "government"),
        ({"AZURE_AUTHORITY_HOST": "https://login.chinacloudapi.cn/"}, "china"),
        ({"AZURE_AUTHORITY_HOST": "login.microsoftonline.com"}, "public"),
    ],
)
def test_the_cloud_is_the_one_that_the_sdks_environment_names(environment, name):
    assert chosen_azure(environment).name == name
