from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MlmPluginConfig(AppConfig):
    name = "mlm_plugin"
    verbose_name = _("Network")

    def ready(self) -> None:
        """Connect the doorbells, all in this one visible place."""
        from mlm_plugin.shop import receivers

        receivers.connect()
