"""Static files under names that carry their content, so that a browser may keep each for ever."""

from servestatic.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """Rewrites the imports of our modules too: a new module never meets an old one it imports. Keeps a packed copy of each."""

    support_js_module_import_aggregation = True
    keep_intermediate_files = False
