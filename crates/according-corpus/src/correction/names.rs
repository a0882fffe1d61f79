//! What sources are called once an analyst has told who is who.

use std::collections::{BTreeMap, BTreeSet};

use according::report::SpeakerKind;

use super::{Act, Correction};
use crate::member::{Member, Source};

/// Names that are one's, and names that are somebody else's too. Articles are numbers of any
/// kind `A`.
#[derive(Clone, Debug)]
pub struct Names<A> {
    classes: Vec<Class>,
    /// The class of each name.
    of: BTreeMap<String, usize>,
    /// Who goes by a name in an article.
    split: BTreeMap<(A, String), (String, u32)>,
    /// Names that were given to tell somebody from others.
    apart: BTreeSet<String>,
}

impl<A> Default for Names<A> {
    fn default() -> Self {
        Self {
            classes: Vec::new(),
            of: BTreeMap::new(),
            split: BTreeMap::new(),
            apart: BTreeSet::new(),
        }
    }
}

#[derive(Clone, Debug)]
struct Class {
    called: String,
    kind: SpeakerKind,
    /// The correction that put it together last.
    number: u32,
}

impl<A: Copy + Ord> Names<A> {
    /// What corrections that hold say of names, in their order. Beside each stand the
    /// articles where its anchors are found.
    pub fn new<'c>(
        corrections: impl Iterator<Item = (&'c Correction, Vec<Option<A>>)>,
    ) -> Self {
        let mut this = Self::default();
        for (correction, articles) in corrections {
            let number = correction.number;
            match &correction.act {
                Act::MergeSources { names, source_kind } => {
                    this.merge(names, *source_kind, number);
                }
                Act::SplitSource { name, called, .. } => {
                    for article in articles.into_iter().flatten() {
                        let other = (called.clone(), number);
                        this.split.insert((article, name.clone()), other);
                    }
                    this.apart.insert(called.clone());
                }
                _ => {}
            }
        }
        let apart = this.apart.iter().map(|name| this.called(name).to_owned()).collect();
        Self { apart, ..this }
    }

    fn merge(&mut self, names: &[String], kind: SpeakerKind, number: u32) {
        let Some(called) = names.first() else { return };
        let class = self.classes.len();
        self.classes.push(Class { called: called.clone(), kind, number });
        let joined: BTreeSet<usize> =
            names.iter().filter_map(|name| self.of.get(name).copied()).collect();
        for of in self.of.values_mut().filter(|of| joined.contains(of)) {
            *of = class;
        }
        for name in names {
            self.of.insert(name.clone(), class);
        }
    }

    fn class(&self, name: &str) -> Option<&Class> {
        self.classes.get(*self.of.get(name)?)
    }

    /// What somebody of a name is called, where no article says otherwise.
    pub fn called<'n>(&'n self, name: &'n str) -> &'n str {
        self.class(name).map_or(name, |class| &class.called)
    }

    /// What those are called who have another name which holds `part`, in any case.
    pub fn called_otherwise(&self, part: &str) -> BTreeSet<&str> {
        let part = part.to_lowercase();
        let of = self.of.iter().filter(|(name, _)| name.to_lowercase().contains(&part));
        of.filter_map(|(_, class)| Some(self.classes.get(*class)?.called.as_str()))
            .collect()
    }

    /// Articles in which a name is somebody else's.
    pub fn split_in(&self) -> impl Iterator<Item = A> {
        self.split.keys().map(|(article, _)| *article)
    }

    /// Calls a source of an article as it should be.
    pub fn correct(&self, article: A, source: &mut Source) {
        if self.of.is_empty() && self.split.is_empty() {
            return;
        }
        // Under the name that the report has, or else under the one that is kept.
        let names = [source.name.clone(), self.called(&source.name).to_owned()];
        let mut names = names.into_iter();
        let split = names.find_map(|name| self.split.get(&(article, name)));
        if let Some((called, number)) = split {
            source.name.clone_from(called);
            source.is_named = true;
            source.correction = Some(*number);
        }
        self.put_into_class(source);
        source.is_apart = self.apart.contains(&source.name);
    }

    fn put_into_class(&self, source: &mut Source) {
        if let Some(class) = self.class(&source.name) {
            source.name.clone_from(&class.called);
            source.kind = class.kind;
            source.is_named = true;
            source.correction = Some(class.number);
        }
    }

    /// Calls all sources of an article as they should be.
    pub fn correct_all(&self, article: A, member: &mut Member) {
        for said in &mut member.statements {
            for source in &mut said.chain {
                self.correct(article, source);
            }
        }
    }
}
