"""The part of packaging that pyproject.toml cannot say: data/ goes in as minigpt.data."""

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py


class BuildWithoutDataScripts(build_py):
    """Leave out the scripts beside the data: they make texts in a checkout, they are no modules."""

    def find_package_modules(self, package, package_dir):
        """No modules for minigpt.data; the usual ones for every other package."""
        if package == 'minigpt.data':
            return []
        return super().find_package_modules(package, package_dir)


setup(packages=[*find_packages('py', include=['minigpt', 'minigpt.*']), 'minigpt.data'],
      cmdclass={'build_py': BuildWithoutDataScripts})
