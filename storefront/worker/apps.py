"""Registers the command `work`."""

from django.apps import AppConfig


class WorkerConfig(AppConfig):
    name = "storefront.worker"
    label = "worker"
