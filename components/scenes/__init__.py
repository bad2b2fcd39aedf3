"""The wall's scenes: which panels each shows, and where."""

from __future__ import annotations

from collections.abc import Mapping

from components.scenes import inventory, today
from components.scenes.scene import Scene

SCENES: Mapping[str, Scene] = {scene.name: scene for scene in (today.SCENE, inventory.SCENE)}
