//! Python's symbols are there when Python loads the module, not before.

fn main() {
    pyo3_build_config::add_extension_module_link_args();
}
