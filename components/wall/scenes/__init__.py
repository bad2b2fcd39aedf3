"""The wall's scenes: which panels each shows, and where."""

from __future__ import annotations

from collections.abc import Mapping

from components.wall.scenes import inventory, production, sync, today
from components.wall.scenes.scene import Scene

SCENES: Mapping[str, Scene] = {
    scene.name: scene for scene in (today.SCENE, inventory.SCENE, production.SCENE, sync.SCENE)
}
