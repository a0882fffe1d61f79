use std::collections::HashMap;

use crate::Error;

/// The number of a label in its [`Labels`]. The empty label, which stands for "not set", is
/// always number 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LabelId(pub(crate) u16);

impl LabelId {
    /// The number itself.
    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// The small closed sets of strings that tokens carry: tags, dependency labels, feature
/// lists, entity types.
#[derive(Clone, Debug)]
pub struct Labels {
    names: Vec<Box<str>>,
    ids: HashMap<Box<str>, LabelId>,
}

impl Default for Labels {
    fn default() -> Self {
        let empty: Box<str> = "".into();
        Self { names: vec![empty.clone()], ids: HashMap::from([(empty, LabelId(0))]) }
    }
}

impl Labels {
    /// The number of `name`, which is added when it is new.
    ///
    /// # Errors
    ///
    /// When 65,536 labels are there already.
    pub fn add(&mut self, name: &str) -> Result<LabelId, Error> {
        if let Some(&id) = self.ids.get(name) {
            return Ok(id);
        }
        let id = u16::try_from(self.names.len())
            .map(LabelId)
            .map_err(|_| Error::new("more than 65,536 different labels"))?;
        self.names.push(name.into());
        self.ids.insert(name.into(), id);
        Ok(id)
    }

    /// The number of `name`, if it is there.
    pub fn get(&self, name: &str) -> Option<LabelId> {
        self.ids.get(name).copied()
    }

    /// All labels in the order of their numbers.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }

    /// The label numbered `id`.
    pub fn name(&self, id: LabelId) -> &str {
        &self.names[id.index()]
    }
}
