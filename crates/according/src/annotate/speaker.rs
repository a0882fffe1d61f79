//! Who stands behind a claim: names, pronouns and descriptions brought down to one speaker
//! for each person, body or document of the article.
//!
//! A speaker without a name is never guessed at: "an unnamed source" and "a second source"
//! are two, and stay what the text calls them.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use according_nlp::{Doc, Span, Token, Upos};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::entity::{self, Entities, MentionForm};
use super::lexicon;

/// The name of nobody in particular.
const NOBODY: &str = "unspecified";

/// Who stands behind a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    /// Fullest name in the article; for an unnamed one its fullest description without
    /// article, `unspecified` for nobody in particular, `None` where a pronoun leads nowhere.
    pub name: Option<String>,
    /// Number of the entity.
    pub entity: Option<usize>,
    /// What it is.
    pub kind: SpeakerKind,
    /// Whether the text gives a proper name.
    pub named: bool,
    /// More than one.
    pub plural: bool,
    /// What it is in public life, where the text says it.
    pub role: Option<Role>,
    /// Why it is unnamed, as the text tells.
    pub reason_unnamed: Option<Span>,
    /// Number of the speaker it is a spokesperson of.
    pub speaks_for: Option<usize>,
}

/// What a speaker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SpeakerKind {
    /// One human being.
    Person,
    /// Several, or nobody in particular.
    People,
    /// A body that is no news outlet.
    Organisation,
    /// A news outlet or agency.
    Media,
    /// A report, statement, lawsuit.
    Document,
    /// The reporter.
    #[serde(rename = "self")]
    Reporter,
}

/// What a noun names as a source, if it is a known one: "reporter" a person, "report" a
/// document.
pub fn kind_of_noun(lemma: &str) -> Option<SpeakerKind> {
    lexicon::noun(lemma).map(|noun| noun.kind)
}

/// What somebody or something is in public life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are the definition")]
pub enum Role {
    Media,
    Government,
    Military,
    Police,
    Court,
    Company,
    Ngo,
    ArmedGroup,
    Academic,
}

/// Which pronoun stands for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Gender {
    /// She.
    Female,
    /// He.
    Male,
}

/// Number of a speaker in [`Cast::list`].
pub(super) type SpeakerIdx = usize;

/// All speakers of an article, met one after another in reading order.
#[derive(Debug)]
pub(super) struct Cast<'a> {
    doc: &'a Doc,
    pub(super) entities: Entities,
    pub(super) list: Vec<Speaker>,
    /// What else is known about each speaker, in the order of `list`.
    traits: Vec<Traits<'a>>,
    by_entity: HashMap<usize, SpeakerIdx>,
    /// Groups and bodies without a name that every mention calls the same.
    by_phrase: HashMap<String, SpeakerIdx>,
    /// Tokens that were brought down to a speaker.
    met: BTreeMap<usize, Met>,
    /// What stands in quotation marks: people talked about there talk less outside.
    quoted: Vec<Span>,
    /// What the source that is being looked for says.
    about: Vec<Span>,
}

#[derive(Clone, Copy, Debug)]
struct Met {
    speaker: SpeakerIdx,
    /// As the source of a claim, not on the way to one.
    as_source: bool,
}

/// What a speaker can be recognised by.
#[derive(Clone, Debug, Default)]
struct Traits<'a> {
    gender: Option<Gender>,
    /// Nouns that describe it: "minister" of "the minister", "Prime Minister Najib Razak".
    nouns: Vec<String>,
    /// Words that narrow the noun: "senior", "Chinese".
    modifiers: Vec<&'a str>,
}

impl<'a> Cast<'a> {
    /// An empty stage. `quoted` says where direct speech stands, in text order.
    pub(super) fn new(doc: &'a Doc, entities: Entities, quoted: Vec<Span>) -> Self {
        Self {
            doc,
            entities,
            list: Vec::new(),
            traits: Vec::new(),
            by_entity: HashMap::new(),
            by_phrase: HashMap::new(),
            met: BTreeMap::new(),
            quoted,
            about: Vec::new(),
        }
    }

    /// The speaker behind the source of a claim: the words `spans`, which hang from `head`.
    /// `about` is what it says, where it does not speak of itself in the third person by name;
    /// `within` is the speaker of the claim around this one, who "I" and "we" are.
    pub(super) fn source(
        &mut self,
        head: Token<'a>,
        spans: &[Span],
        about: &[Span],
        within: Option<SpeakerIdx>,
    ) -> SpeakerIdx {
        let name = self.name_at_end(head, spans);
        self.about = about.to_vec();
        let speaker = self.resolve(name.unwrap_or(head), within);
        self.about.clear();
        self.met.insert(head.index(), Met { speaker, as_source: true });
        if self.list[speaker].reason_unnamed.is_none() && !self.list[speaker].named {
            self.list[speaker].reason_unnamed = reason_unnamed(head);
        }
        speaker
    }

    /// Nobody in particular: "reportedly".
    pub(super) fn unspecified(&mut self) -> SpeakerIdx {
        self.known_phrase(NOBODY, || Speaker {
            plural: true,
            ..Speaker::unnamed(Some(NOBODY.to_owned()), SpeakerKind::People)
        })
    }

    /// The reporter, who speaks for the outlet `outlet` where the text says so.
    pub(super) fn reporter(&mut self) -> SpeakerIdx {
        self.known_phrase("this report", || {
            Speaker::unnamed(Some("this report".to_owned()), SpeakerKind::Reporter)
        })
    }

    /// Whoever wrote an article in the first person.
    fn author(&mut self) -> SpeakerIdx {
        self.known_phrase("author", || {
            Speaker::unnamed(Some("author".to_owned()), SpeakerKind::Person)
        })
    }

    /// The speaker whom token `head` names, describes or stands for.
    pub(super) fn resolve(
        &mut self,
        head: Token<'a>,
        within: Option<SpeakerIdx>,
    ) -> SpeakerIdx {
        if let Some(met) = self.met.get(&head.index()) {
            return met.speaker;
        }
        let speaker = self.find(head, within);
        self.met.insert(head.index(), Met { speaker, as_source: false });
        self.mark_mention(head, speaker);
        speaker
    }

    /// Who interviews somebody is a news outlet, if it is no person: an unknown name there is
    /// that of one.
    pub(super) fn take_for_outlet(&mut self, name: Token<'a>) {
        let Some(entity) = self.entities.at(name.index()) else { return };
        let it = &mut self.entities.list[entity];
        let unknown = match it.label.as_str() {
            "ORG" | "PRODUCT" | "WORK_OF_ART" => true,
            "PERSON" => it.name.len() > 1 && it.name.chars().all(char::is_uppercase),
            _ => false,
        };
        if !unknown || it.role.is_some() {
            return;
        }
        it.label = "ORG".to_owned();
        it.role = Some(Role::Media);
        if let Some(&speaker) = self.by_entity.get(&entity) {
            self.list[speaker].kind = SpeakerKind::Media;
            self.list[speaker].role = Some(Role::Media);
        }
    }

    /// Who is told or shown something and called as outlets are is one, whatever the pipeline
    /// takes the name for: "told the Bay Gazette", "seen by the Courier".
    pub(super) fn take_for_outlet_by_name(&mut self, name: Token<'a>) {
        let before = name.children().filter(|c| matches!(c.dep(), "compound" | "det"));
        let words = before.chain([name]).map(|t| t.text().to_lowercase());
        if name.upos() != Upos::Propn
            || !entity::is_outlet_name(&words.collect::<Vec<_>>())
        {
            return;
        }
        let Some(entity) = self.entities.at(name.index()) else { return };
        let it = &mut self.entities.list[entity];
        if matches!(it.label.as_str(), "FAC" | "LOC") && it.role.is_none() {
            it.label = "ORG".to_owned();
        }
        self.take_for_outlet(name);
    }

    /// The tokens that were brought down to a speaker, in text order.
    pub(super) fn met(&self) -> impl Iterator<Item = (usize, SpeakerIdx)> + '_ {
        self.met.iter().map(|(&token, met)| (token, met.speaker))
    }

    fn find(&mut self, head: Token<'a>, within: Option<SpeakerIdx>) -> SpeakerIdx {
        if let Some(antecedent) = relative_antecedent(head) {
            return self.resolve(antecedent, within);
        }
        if let Some(pronoun) = Pronoun::of(head) {
            let found = match pronoun {
                // Outside quotations "we" is the paper, and "I" somebody with a name of
                // their own, whose say it is.
                Pronoun::First if within.is_none() && !self.in_quotation(head) => {
                    Some(match head.text() {
                        "I" | "me" | "my" | "myself" | "My" => self.author(),
                        _ => self.reporter(),
                    })
                }
                Pronoun::First => within,
                _ => self.antecedent(head, pronoun),
            };
            return found.unwrap_or_else(|| {
                let kind = pronoun.kind();
                let plural = pronoun == Pronoun::They;
                self.add(
                    Speaker { plural, ..Speaker::unnamed(None, kind) },
                    Traits::default(),
                )
            });
        }
        let own = self.entities.at(head.index());
        let apart = |t: &Token<'_>| own.is_none() || self.entities.at(t.index()) != own;
        let others: Vec<Token<'a>> = coordinated(head).filter(apart).collect();
        if !others.is_empty() && self.is_name(head) {
            return self.several(head, &others);
        }
        match own {
            Some(entity) if !self.is_one_of_a_people(head, entity) => {
                self.of_entity(entity)
            }
            _ => self.described(head),
        }
    }

    /// "An Afghan": one of those the name is for.
    fn is_one_of_a_people(&self, head: Token<'_>, entity: usize) -> bool {
        let is_people = self.entities.list[entity].label == "NORP";
        let one = |c: Token<'_>| matches!(c.lemma(), "a" | "an" | "one");
        let narrows = |c: Token<'_>| matches!(c.dep(), "det" | "nummod");
        !is_plural(head) && head.children().any(|c| narrows(c) && (is_people || one(c)))
    }

    fn is_name(&self, token: Token<'_>) -> bool {
        self.entities.at(token.index()).is_some() || token.upos() == Upos::Propn
    }

    /// "Merkel and Macron".
    fn several(&mut self, head: Token<'a>, others: &[Token<'a>]) -> SpeakerIdx {
        let single = |cast: &mut Self, t: Token<'a>| match cast.entities.at(t.index()) {
            Some(entity) => cast.of_entity(entity),
            None => cast.described(t),
        };
        let members: Vec<SpeakerIdx> =
            [head].iter().chain(others).map(|&t| single(self, t)).collect();
        let names: Vec<&str> =
            members.iter().filter_map(|&m| self.list[m].name.as_deref()).collect();
        let name = match names.as_slice() {
            [init @ .., last] if !init.is_empty() => {
                format!("{} and {last}", init.join(", "))
            }
            _ => names.concat(),
        };
        let person = |&m: &SpeakerIdx| {
            matches!(self.list[m].kind, SpeakerKind::Person | SpeakerKind::People)
        };
        let kind = match members.iter().any(person) {
            true => SpeakerKind::People,
            false => self.list[members[0]].kind,
        };
        let named = members.iter().all(|&m| self.list[m].named);
        self.known_phrase(&name.clone(), || Speaker {
            named,
            plural: true,
            ..Speaker::unnamed(Some(name), kind)
        })
    }

    /// The speaker an entity is.
    fn of_entity(&mut self, entity: usize) -> SpeakerIdx {
        if let Some(&known) = self.by_entity.get(&entity) {
            return known;
        }
        let it = &self.entities.list[entity];
        let kind = match (it.label.as_str(), it.role) {
            ("PERSON" | "ORG" | "GPE", _) if self.is_called_outlet(entity) => {
                SpeakerKind::Media
            }
            ("PERSON", _) => SpeakerKind::Person,
            ("ORG", Some(Role::Media)) => SpeakerKind::Media,
            ("NORP", None) if is_party(it) => SpeakerKind::Organisation,
            ("NORP", None) => SpeakerKind::People,
            ("WORK_OF_ART" | "LAW", _) => SpeakerKind::Document,
            _ => SpeakerKind::Organisation,
        };
        let traits = self.traits_of_entity(entity, kind);
        let it = &self.entities.list[entity];
        let described_role = || traits.nouns.iter().find_map(|n| lexicon::noun(n)?.role);
        let name = it.name.clone();
        let speaker = Speaker {
            entity: Some(entity),
            named: kind != SpeakerKind::People,
            plural: kind == SpeakerKind::People,
            role: match kind {
                SpeakerKind::Media => Some(Role::Media),
                _ => it.role.or_else(described_role),
            },
            ..Speaker::unnamed(Some(name), kind)
        };
        let id = self.add(speaker, traits);
        self.by_entity.insert(entity, id);
        if kind == SpeakerKind::Person {
            self.find_body_of(entity, id);
        }
        id
    }

    /// "State news agency Sarna", "the newspaper Dnevni": an outlet, whatever the name.
    fn is_called_outlet(&self, entity: usize) -> bool {
        let names = self.entities.list[entity].mentions.iter();
        let mut before = names.filter_map(|m| m.tokens.start.checked_sub(1));
        before.any(|t| {
            let noun = self.doc.token(t);
            let agency = noun.lemma() == "agency"
                && noun.prev().is_some_and(|p| p.lemma() == "news");
            let listed =
                lexicon::noun(noun.lemma()).is_some_and(|n| n.kind == SpeakerKind::Media);
            noun.upos() == Upos::Noun && (agency || listed)
        })
    }

    /// Gathers from every mention of a person what it is called besides: titles before the
    /// name and descriptions in apposition.
    fn traits_of_entity(&self, entity: usize, kind: SpeakerKind) -> Traits<'a> {
        let mut traits = Traits::default();
        if kind != SpeakerKind::Person {
            return traits;
        }
        let it = &self.entities.list[entity];
        let first = it.name.split(' ').next().unwrap_or_default();
        // A name alone may be a man's surname, but then no woman's given name.
        traits.gender = lexicon::given_name(first)
            .filter(|&g| it.name.contains(' ') || g == Gender::Female);
        for noun in self.descriptions(entity) {
            let word = describing_word(noun);
            if let Some(known) = lexicon::noun(&word) {
                traits.gender = traits.gender.or(known.gender);
                let beside = match noun.dep() {
                    // "Prime Minister Novak": all of the title hangs from the name.
                    "compound" | "nmod" | "amod" => modifiers(noun.head()),
                    _ => modifiers(noun),
                };
                traits.modifiers.extend(beside.iter().chain(&modifiers(noun)));
                if !traits.nouns.contains(&word) {
                    traits.nouns.push(word);
                }
            }
        }
        traits
    }

    /// The nouns that describe an entity where it is mentioned by name.
    pub(super) fn descriptions(
        &self,
        entity: usize,
    ) -> impl Iterator<Item = Token<'a>> + '_ {
        let names = self.entities.list[entity].mentions.iter();
        names.filter(|m| m.form == MentionForm::Name).flat_map(|mention| {
            let root = root_of(self.doc, mention.tokens.clone());
            let outside = move |t: &Token<'_>| !mention.tokens.contains(&t.index());
            let title = root
                .children()
                .filter(|c| matches!(c.dep(), "compound" | "nmod" | "amod" | "appos"));
            let host = (root.dep() == "appos").then(|| root.head());
            let copula = Some(root.head())
                .filter(|h| root.dep() == "nsubj" && h.lemma() == "be")
                .and_then(|h| h.child("attr"));
            title.filter(outside).chain(host).chain(copula)
        })
    }

    /// Says whose spokesperson a person is, and the role that follows from it.
    fn find_body_of(&mut self, entity: usize, speaker: SpeakerIdx) {
        let nouns: Vec<Token<'a>> = self.descriptions(entity).collect();
        for noun in nouns {
            let phrase = if noun.dep() == "compound" || noun.dep() == "nmod" {
                noun.head()
            } else {
                noun
            };
            self.take_body(noun, phrase, speaker);
        }
    }

    /// "State Department spokesman", "spokeswoman for the army", "police officer": the body
    /// in the phrase around a noun tells the role, and whom a spokesperson speaks for.
    fn take_body(&mut self, noun: Token<'a>, phrase: Token<'a>, speaker: SpeakerIdx) {
        let own = self.list[speaker].entity;
        let speaks = describing_word(noun).starts_with("spokes");
        let inner = phrase.children().chain(noun.children()).filter_map(|child| {
            match child.dep() {
                "compound" | "nmod" | "poss" | "amod" => Some(child),
                "prep"
                    if matches!(child.lemma(), "for" | "of" | "with" | "from" | "at") =>
                {
                    child.child("pobj")
                }
                _ => None,
            }
        });
        let is_body = |entity: usize| {
            let label = self.entities.list[entity].label.as_str();
            Some(entity) != own && matches!(label, "ORG" | "GPE" | "FAC")
        };
        let listed =
            |t: &Token<'_>| lexicon::noun(t.lemma()).filter(|n| !is_human(n.kind));
        let body = inner.into_iter().find(|t| match self.entities.at(t.index()) {
            Some(entity) => is_body(entity),
            None => listed(t).is_some() || speaks && t.lemma() == "its",
        });
        let Some(body) = body else { return };
        let named = self.entities.at(body.index());
        let role = match named {
            Some(entity) => self.entities.list[entity].role,
            None => listed(&body).and_then(|n| n.role),
        };
        let it = &mut self.list[speaker];
        it.role = it.role.or(role);
        if speaks && it.speaks_for.is_none() && (named.is_some() || is_nominal(body)) {
            let body = self.resolve(body, None);
            self.list[speaker].speaks_for = (body != speaker).then_some(body);
        }
    }

    /// The speaker a noun phrase without a name describes.
    fn described(&mut self, head: Token<'a>) -> SpeakerIdx {
        if let Some(name) = self.name_in_apposition(head).or_else(|| self.own_name(head))
        {
            return self.resolve(name, None);
        }
        let lemma = describing_word(head);
        let plural = is_plural(head);
        let noun = lexicon::noun(&lemma);
        let kind = kind_of(head, &lemma, noun.map(|n| n.kind), plural);
        let role = noun
            .and_then(|n| n.role)
            .or((kind == SpeakerKind::Media).then_some(Role::Media));
        let modifiers = modifiers(head);
        // "Police" goes without an article and still means those in charge here.
        let is_police = role == Some(Role::Police) && !is_human(kind);
        let refers_back = (is_definite(head) || is_police) && !is_narrowed_after(head);
        if refers_back
            && let Some(known) =
                self.mentioned_before(head, &lemma, plural && !is_police, &modifiers)
        {
            return known;
        }
        let name = match refers_back {
            true => {
                self.fuller_phrase(head, &lemma, plural).unwrap_or_else(|| phrase(head))
            }
            false => phrase(head),
        };
        let is_proper = self.is_proper(head, kind);
        let speaker = Speaker {
            named: is_proper,
            plural,
            role,
            ..Speaker::unnamed(Some(name.clone()), kind)
        };
        // "Another source, a customs officer": who is called two things answers to both.
        let beside = head.children().filter(|c| c.dep() == "appos").map(describing_word);
        let nouns = std::iter::once(lemma).chain(beside).collect();
        let traits = Traits { gender: noun.and_then(|n| n.gender), nouns, modifiers };
        // "A source" twice may be two people; "officials" or "police" are the same body of
        // people as far as the text tells.
        let collective = plural || is_proper || is_definite(head) || !is_human(kind);
        if collective && let Some(&known) = self.by_phrase.get(&name) {
            return known;
        }
        let id = self.add(speaker, traits);
        if collective {
            self.by_phrase.insert(name, id);
        }
        if is_human(kind) {
            self.take_body(head, head, id);
        }
        id
    }

    /// Whether a noun phrase that the pipeline did not mark as a name is one: "Municipality of
    /// Hull", "Berlin police", "the Trump administration".
    fn is_proper(&self, head: Token<'a>, kind: SpeakerKind) -> bool {
        if is_in_title_case(head) {
            return false;
        }
        let people = self.entities.at(head.index()).is_some() && is_human(kind);
        let lemma = describing_word(head);
        let is_name = |t: Token<'_>| {
            t.upos() == Upos::Propn
                && t.ent_type() != "NORP"
                && lexicon::noun(t.lemma()).is_none()
        };
        if head.upos() == Upos::Propn {
            let of = head.children().filter(|c| c.lemma() == "of");
            let of_name = || of.flat_map(Token::children).any(is_name);
            // "The Kremlin", "the Ministry", "the Hutton Report": a capital makes a name of the
            // noun for a body and, with a word before it, for a document.
            let is_body = match kind {
                SpeakerKind::Organisation => is_definite(head),
                SpeakerKind::Document => head.children().any(is_name),
                _ => false,
            };
            let listed = lexicon::noun(&lemma).is_some();
            return !people && (!listed || is_body || !is_human(kind) && of_name());
        }
        let names_itself = matches!(
            lemma.as_str(),
            "administration"
                | "army"
                | "campaign"
                | "council"
                | "department"
                | "embassy"
                | "ministry"
                | "military"
                | "navy"
                | "parliament"
                | "police"
                | "university"
        );
        let indefinite = head.children().any(|c| matches!(c.lemma(), "a" | "an"));
        let mut before =
            head.children().filter(|c| matches!(c.dep(), "compound" | "nmod"));
        names_itself && !indefinite && before.any(is_name)
    }

    /// "the Greenpeace organisation", "the M5S party": a name before the word for what it is.
    fn own_name(&self, head: Token<'a>) -> Option<Token<'a>> {
        let lemma = describing_word(head);
        let says_what = matches!(
            lemma.as_str(),
            "party"
                | "group"
                | "movement"
                | "militia"
                | "organisation"
                | "organization"
                | "newspaper"
                | "magazine"
                | "website"
                | "broadcaster"
                | "network"
        );
        let name = head.prev().filter(|p| says_what && p.head() == head)?;
        let entity = self.entities.at(name.index())?;
        let is_org = self.entities.list[entity].label == "ORG";
        (is_org && is_definite(head) && !is_plural(head)).then_some(name)
    }

    /// "the team's coach, Alireza Mehraban": the name that goes with a description.
    fn name_in_apposition(&self, head: Token<'a>) -> Option<Token<'a>> {
        let wanted = |t: &Token<'_>| {
            let label = |e: usize| self.entities.list[e].label.as_str();
            self.entities
                .at(t.index())
                .is_some_and(|e| matches!(label(e), "PERSON" | "ORG"))
        };
        let singular = !is_plural(head);
        // "a farmer named Oskar Lind", "a man identified as Oskar Lind"
        let called = head.children().filter(|c| {
            c.dep() == "acl" && matches!(c.lemma(), "name" | "identify" | "know" | "call")
        });
        let name = called.filter(|_| singular).find_map(|c| {
            let of = c.children().filter(|p| p.lemma() == "as").flat_map(Token::children);
            c.children().chain(of).find(wanted)
        });
        if name.is_some() {
            return name;
        }
        let host = (head.dep() == "appos").then(|| head.head());
        let beside = head.children().filter(|c| c.dep() == "appos").chain(host);
        beside.filter(|_| singular).find(wanted)
    }

    /// The name a source ends with where the parse does not see that it names the head:
    /// "ambassador to France Jean Roux", "the club's coach, Alia Sarr".
    fn name_at_end(&self, head: Token<'a>, spans: &[Span]) -> Option<Token<'a>> {
        let label = |t: usize| {
            let entity = self.entities.at(t);
            entity.map_or("", |e| self.entities.list[e].label.as_str())
        };
        if matches!(label(head.index()), "PERSON" | "ORG") || is_plural(head) {
            return None;
        }
        let range = self.doc.tokens_in(*spans.last()?);
        let last = self.doc.slice(range.clone()).rev().find(|t| !t.is_punct())?;
        let name = self.entities.mention_at(last.index())?;
        let before = name.tokens.start.checked_sub(1).filter(|t| range.contains(t))?;
        let word = self.doc.token(before);
        let ends_title = word.upos() == Upos::Propn
            && (label(before).is_empty()
                && lexicon::noun(&describing_word(word)).is_none()
                || matches!(label(before), "ORG" | "GPE" | "FAC" | "LOC" | "NORP"));
        let identified =
            word.lemma() == "as" && matches!(word.head().lemma(), "identify" | "know");
        let attached =
            word.text() == "," || before == head.index() || ends_title || identified;
        (label(last.index()) == "PERSON" && head.index() <= before && attached)
            .then_some(last)
    }

    /// Whom "the source", "the minister", "the agency" go back to.
    fn mentioned_before(
        &mut self,
        head: Token<'a>,
        lemma: &str,
        plural: bool,
        modifiers: &[&str],
    ) -> Option<SpeakerIdx> {
        let noun = lexicon::noun(lemma);
        let is_outlet = noun.is_some_and(|n| n.kind == SpeakerKind::Media);
        let fits = |id: &SpeakerIdx| {
            let (it, traits) = (&self.list[*id], &self.traits[*id]);
            let same_noun = traits.nouns.iter().any(|n| is_called(n, lemma));
            // "The source" and "the man" may have been called anything.
            let unnamed_person = matches!(lemma, "source" | "man" | "woman" | "person")
                && it.kind == SpeakerKind::Person
                && !it.named
                && noun
                    .and_then(|n| n.gender)
                    .is_none_or(|g| traits.gender.is_none_or(|h| g == h));
            it.plural == plural
                && (same_noun
                    || is_outlet && it.kind == SpeakerKind::Media
                    || unnamed_person)
                // The Novak campaign is not the Lind campaign.
                && traits.allow(modifiers, it.named && it.entity.is_some())
        };
        let met = self.met.range(..head.index()).rev().map(|(_, met)| met.speaker);
        // A speaker of the same noun before any other that the noun could mean.
        let met: Vec<SpeakerIdx> = met.filter(fits).take(8).collect();
        let exact = |id: &&SpeakerIdx| {
            self.traits[**id].nouns.iter().any(|n| is_same_office(n, lemma))
        };
        if let Some(&id) = met.iter().find(exact).or(met.first()) {
            return Some(id);
        }
        if plural {
            return None;
        }
        // Somebody or something with a name that fits the description.
        let noun = noun?;
        let candidates = (0..self.entities.list.len()).filter_map(|e| {
            let before = self.entities.last_before(e, head.index())?;
            Some((self.suits(e, lemma, noun, modifiers)?, before, e))
        });
        if let Some((_, _, entity)) = candidates.max() {
            return Some(self.of_entity(entity));
        }
        is_epithet(lemma).then(|| self.antecedent(head, Pronoun::Epithet)).flatten()
    }

    /// Whether a description can mean a named entity, better for larger numbers.
    fn suits(
        &self,
        entity: usize,
        lemma: &str,
        noun: lexicon::Noun,
        modifiers: &[&str],
    ) -> Option<u8> {
        let it = &self.entities.list[entity];
        match it.label.as_str() {
            "PERSON" if noun.kind == SpeakerKind::Person => {
                let traits = self.traits_of_entity(entity, SpeakerKind::Person);
                let exactly = traits.nouns.iter().any(|n| is_same_office(n, lemma));
                let so = traits.nouns.iter().any(|n| is_called(n, lemma));
                (so && traits.allow(modifiers, true)).then_some(1 + u8::from(exactly))
            }
            "WORK_OF_ART" | "LAW" if noun.kind == SpeakerKind::Document => {
                entity::words(&it.name).iter().any(|w| w == lemma).then_some(2)
            }
            "ORG" | "FAC" if !is_human(noun.kind) => {
                let name = entity::words(&it.name);
                let named_so = name.iter().any(|w| w == lemma)
                    && modifiers.iter().all(|m| name.contains(&m.to_lowercase()));
                // "Volkswagen, the carmaker", "the aid group Oxfam"
                let mut called = self.descriptions(entity);
                if named_so || called.any(|d| is_called(&describing_word(d), lemma)) {
                    return Some(2);
                }
                let same_role = it.role == noun.role && it.role.is_some();
                // What a name without a telling word stands for may be any body.
                let open = it.role.is_none()
                    && matches!(
                        lemma,
                        "agency"
                            | "body"
                            | "company"
                            | "firm"
                            | "group"
                            | "organisation"
                            | "organization"
                    );
                // There are many agencies in a text, but one government.
                let one_of_many = noun.role != Some(Role::Government)
                    || matches!(
                        lemma,
                        "agency"
                            | "authority"
                            | "bureau"
                            | "commission"
                            | "department"
                            | "ministry"
                            | "regulator"
                            | "watchdog"
                    );
                let typical = same_role && one_of_many || open;
                (modifiers.is_empty() && typical).then_some(1)
            }
            _ => None,
        }
    }

    /// The fullest earlier phrase with the same noun: "the document" was "a sensitive
    /// Environment Canada document" before. One that holds a name is preferred.
    fn fuller_phrase(
        &self,
        head: Token<'a>,
        lemma: &str,
        plural: bool,
    ) -> Option<String> {
        // How far back a reader remembers the fuller phrase, in tokens.
        const FAR: usize = 2000;
        let own = modifiers(head);
        let mut best: Option<(bool, Token<'a>)> = None;
        for token in self.doc.slice(head.index().saturating_sub(FAR)..head.index()).rev()
        {
            if token.lemma() != lemma || !matches!(token.upos(), Upos::Noun | Upos::Propn)
            {
                continue;
            }
            let theirs = modifiers(token);
            let fits = is_plural(token) == plural
                && theirs.len() > own.len()
                && own.iter().all(|m| theirs.contains(m));
            if !fits {
                continue;
            }
            let holds_name = token.children().any(|c| {
                c.index() < token.index()
                    && !c.ent_type().is_empty()
                    && !matches!(
                        c.ent_type(),
                        "CARDINAL" | "ORDINAL" | "DATE" | "QUANTITY"
                    )
            });
            if best.is_none_or(|(named, _)| holds_name && !named) {
                best = Some((holds_name, token));
            }
            if holds_name {
                break;
            }
        }
        best.map(|(_, token)| phrase(token))
    }

    /// Whom a third person pronoun stands for.
    fn antecedent(&mut self, pronoun: Token<'a>, which: Pronoun) -> Option<SpeakerIdx> {
        const FAR: usize = 6;
        let here = pronoun.sentence().index();
        const FAR_IN_TOKENS: usize = 400;
        let spoken_of = self.spoken_of();
        let start = pronoun.index().saturating_sub(FAR_IN_TOKENS);
        let mut best: Option<(f32, Token<'a>)> = None;
        for token in self.doc.slice(start..pronoun.index()).rev() {
            let away = here - token.sentence().index();
            if away > FAR {
                break;
            }
            let entity = self.entities.at(token.index());
            let told = self.about.iter().any(|s| s.contains(token.span()));
            if told || entity.is_some_and(|e| spoken_of.contains(&e)) {
                continue;
            }
            let Some(bonus) = self.fits(token, which) else { continue };
            let mut score = bonus - away as f32;
            if matches!(token.dep(), "nsubj" | "nsubjpass") {
                score += 0.6;
            }
            if self.met.get(&token.index()).is_some_and(|m| m.as_source) {
                score += 0.8;
            }
            if self.in_quotation(token) && !self.in_quotation(pronoun) {
                score -= 1.2;
            }
            if matches!(token.dep(), "poss" | "compound" | "pobj") {
                score -= 0.3;
            }
            if best.is_none_or(|(top, _)| score > top) {
                best = Some((score, token));
            }
        }
        let (_, token) = best?;
        let speaker = self.resolve(token, None);
        let gender = &mut self.traits[speaker].gender;
        *gender = gender.or(which.gender());
        Some(speaker)
    }

    /// Who is called by name in what a source says: "Kim is to blame, he said" is not Kim's.
    fn spoken_of(&self) -> Vec<usize> {
        const FAR: usize = 400;
        let tokens = self.about.iter().flat_map(|&s| self.doc.tokens_in(s)).take(FAR);
        let named = tokens.filter(|&t| {
            let possessor = self.doc.token(t).dep() == "poss";
            !possessor && self.doc.token(t).upos() == Upos::Propn
        });
        named.filter_map(|t| self.entities.at(t)).collect()
    }

    fn in_quotation(&self, token: Token<'_>) -> bool {
        let after = self.quoted.partition_point(|q| q.end <= token.span().start);
        self.quoted.get(after).is_some_and(|q| q.overlaps(token.span()))
    }

    /// How well a token suits as what a pronoun stands for; `None` where it cannot be.
    fn fits(&self, token: Token<'a>, which: Pronoun) -> Option<f32> {
        if let Some(met) = self.met.get(&token.index()) {
            return self.speaker_fits(met.speaker, which).then_some(0.3);
        }
        if let Some(mention) = self.entities.mention_at(token.index()) {
            if root_of(self.doc, mention.tokens.clone()) != token {
                return None;
            }
            let entity = self.entities.at(token.index())?;
            if let Some(&speaker) = self.by_entity.get(&entity) {
                return self.speaker_fits(speaker, which).then_some(0.3);
            }
            let it = &self.entities.list[entity];
            let ok = match which {
                Pronoun::He | Pronoun::She | Pronoun::Epithet => {
                    let gender =
                        || self.traits_of_entity(entity, SpeakerKind::Person).gender;
                    it.label == "PERSON" && which.agrees(gender())
                }
                Pronoun::It => matches!(it.label.as_str(), "ORG" | "GPE"),
                Pronoun::They => matches!(it.label.as_str(), "ORG" | "NORP"),
                Pronoun::First => false,
            };
            // Countries act, but more often they are where something happens.
            let agent = it.label != "GPE" || matches!(token.dep(), "nsubj" | "nsubjpass");
            // "They" are several before they are one body.
            let bonus = if which == Pronoun::They { -0.2 } else { 0.3 };
            return (ok && agent).then_some(bonus);
        }
        if !matches!(token.upos(), Upos::Noun) || token.dep() == "compound" {
            return None;
        }
        let plural = is_plural(token);
        // "as president" is an office and nobody.
        let somebody = plural
            || token.children().any(|c| matches!(c.dep(), "det" | "poss" | "nummod"));
        if !somebody || matches!(token.dep(), "attr" | "oprd") {
            return None;
        }
        let Some(noun) = lexicon::noun(&describing_word(token)) else {
            let people = which == Pronoun::They && plural && !is_thing(token);
            return people.then_some(0.0);
        };
        let ok = match which {
            Pronoun::He | Pronoun::She => {
                noun.kind == SpeakerKind::Person && !plural && which.agrees(noun.gender)
            }
            // What only describes does not stand for what only describes.
            Pronoun::Epithet => false,
            Pronoun::It => !is_human(noun.kind) && !plural && !is_area(token),
            Pronoun::They => {
                plural
                    || matches!(
                        noun.kind,
                        SpeakerKind::People | SpeakerKind::Organisation
                    )
            }
            Pronoun::First => false,
        };
        let bonus = if which == Pronoun::They && plural { 0.3 } else { 0.0 };
        ok.then_some(bonus)
    }

    fn speaker_fits(&self, speaker: SpeakerIdx, which: Pronoun) -> bool {
        let it = &self.list[speaker];
        match which {
            Pronoun::He | Pronoun::She | Pronoun::Epithet => {
                it.kind == SpeakerKind::Person
                    && which.agrees(self.traits[speaker].gender)
                    && (it.named || which != Pronoun::Epithet)
            }
            Pronoun::It => !is_human(it.kind) && !it.plural,
            Pronoun::They => it.plural || it.kind != SpeakerKind::Person || !it.named,
            Pronoun::First => false,
        }
    }

    /// Writes down that a pronoun or description mentions an entity.
    fn mark_mention(&mut self, head: Token<'a>, speaker: SpeakerIdx) {
        let Some(entity) = self.list[speaker].entity else { return };
        if self.entities.at(head.index()).is_some() {
            return;
        }
        let (tokens, form) = if Pronoun::of(head).is_some() || head.upos() == Upos::Pron {
            (head.index()..head.index() + 1, MentionForm::Pronoun)
        } else {
            let first =
                head.children().next().map_or(head.index(), |c| c.subtree().start);
            (first.min(head.index())..head.index() + 1, MentionForm::Nominal)
        };
        self.entities.add_mention(self.doc, entity, tokens, form);
    }

    fn known_phrase(
        &mut self,
        phrase: &str,
        new: impl FnOnce() -> Speaker,
    ) -> SpeakerIdx {
        if let Some(&known) = self.by_phrase.get(phrase) {
            return known;
        }
        let id = self.add(new(), Traits::default());
        self.by_phrase.insert(phrase.to_owned(), id);
        id
    }

    fn add(&mut self, speaker: Speaker, traits: Traits<'a>) -> SpeakerIdx {
        self.list.push(speaker);
        self.traits.push(traits);
        self.list.len() - 1
    }
}

impl Traits<'_> {
    /// Whether words that narrow a description agree with what is known: "the prime minister"
    /// is no foreign minister, but may be "the minister" and, with a name, anything else.
    fn allow(&self, modifiers: &[&str], named: bool) -> bool {
        let known = |m: &&str| self.modifiers.iter().any(|k| k.eq_ignore_ascii_case(m));
        let told_apart = |m: &&str| {
            matches!(
                m.to_lowercase().as_str(),
                "prime"
                    | "foreign"
                    | "vice"
                    | "deputy"
                    | "defence"
                    | "defense"
                    | "interior"
                    | "finance"
                    | "former"
            )
        };
        modifiers.iter().all(|m| known(m) || named && !told_apart(m))
    }
}

impl Speaker {
    /// Whether it is nobody in particular.
    pub(super) fn is_nobody(&self) -> bool {
        !self.named && self.name.as_deref() == Some(NOBODY)
    }

    fn unnamed(name: Option<String>, kind: SpeakerKind) -> Self {
        Self {
            name,
            entity: None,
            kind,
            named: false,
            plural: false,
            role: None,
            reason_unnamed: None,
            speaks_for: None,
        }
    }
}

/// The pronouns a source can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pronoun {
    First,
    /// Not a pronoun but used like one: "the singer", "the 45-year-old".
    Epithet,
    He,
    She,
    It,
    They,
}

impl Pronoun {
    fn of(token: Token<'_>) -> Option<Self> {
        if !token.tag().starts_with("PRP") {
            return None;
        }
        Some(match token.text().to_ascii_lowercase().as_str() {
            "i" | "we" | "me" | "us" | "my" | "our" | "myself" | "ourselves" => {
                Self::First
            }
            "he" | "him" | "his" | "himself" => Self::He,
            "she" | "her" | "hers" | "herself" => Self::She,
            "it" | "its" | "itself" => Self::It,
            "they" | "them" | "their" | "themselves" => Self::They,
            _ => return None,
        })
    }

    /// Whether somebody of a gender, as far as known, can be meant.
    fn agrees(self, gender: Option<Gender>) -> bool {
        self.gender().is_none() || gender.is_none_or(|g| Some(g) == self.gender())
    }

    fn gender(self) -> Option<Gender> {
        match self {
            Self::He => Some(Gender::Male),
            Self::She => Some(Gender::Female),
            _ => None,
        }
    }

    fn kind(self) -> SpeakerKind {
        match self {
            Self::First | Self::Epithet | Self::He | Self::She => SpeakerKind::Person,
            Self::It => SpeakerKind::Organisation,
            Self::They => SpeakerKind::People,
        }
    }
}

/// Whether somebody described by `noun` may be called `word` afterwards: a senator "the
/// lawmaker".
pub(super) fn is_called(noun: &str, word: &str) -> bool {
    is_same_office(noun, word) || lexicon::is_wider(word, noun)
}

/// Nouns that tell of a person who is already known what is known: "the singer", "the veteran".
/// A noun for an office, "the judge", may introduce whoever holds it.
fn is_epithet(lemma: &str) -> bool {
    matches!(
        lemma,
        "actor"
            | "actress"
            | "artist"
            | "athlete"
            | "author"
            | "billionaire"
            | "businessman"
            | "businesswoman"
            | "candidate"
            | "comedian"
            | "congressman"
            | "congresswoman"
            | "democrat"
            | "entrepreneur"
            | "frontrunner"
            | "lawmaker"
            | "millionaire"
            | "musician"
            | "native"
            | "nominee"
            | "novelist"
            | "old"
            | "politician"
            | "rapper"
            | "republican"
            | "singer"
            | "star"
            | "striker"
            | "superstar"
            | "tycoon"
            | "veteran"
            | "writer"
    )
}

/// What "who", "which" or "that" at the head of a relative clause stands for.
fn relative_antecedent(token: Token<'_>) -> Option<Token<'_>> {
    if !matches!(token.tag(), "WP" | "WDT") {
        return None;
    }
    let antecedent = token.ancestors().find(|a| a.dep() == "relcl")?.head();
    // "on the wavelength of Novak, who said": "who" is nobody but a person, and near.
    let nearest = || {
        let mut before = std::iter::successors(token.prev(), |t| t.prev()).take(3);
        before.find(|t| is_nominal(*t))
    };
    let misread = token.text().eq_ignore_ascii_case("who") && is_thing(antecedent);
    Some(if misread { nearest().unwrap_or(antecedent) } else { antecedent })
}

/// The other members of a coordination that starts with `head`.
pub(super) fn coordinated(head: Token<'_>) -> impl Iterator<Item = Token<'_>> {
    let mut at = Some(head);
    std::iter::from_fn(move || {
        at = at?.children().find(|c| c.dep() == "conj" && is_nominal(*c));
        at
    })
}

fn is_nominal(token: Token<'_>) -> bool {
    matches!(token.upos(), Upos::Noun | Upos::Propn | Upos::Pron)
}

/// The token of a range from which the others hang.
pub(super) fn root_of(doc: &Doc, range: Range<usize>) -> Token<'_> {
    let inside = |t: &Token<'_>| t.is_root() || !range.contains(&t.head().index());
    doc.slice(range.clone())
        .rev()
        .find(inside)
        .unwrap_or_else(|| doc.token(range.end - 1))
}

/// The lemma in lower case and without the dot of an abbreviation: "Gen." is "gen".
pub(super) fn describing_word(token: Token<'_>) -> String {
    let word = token.lemma().trim_end_matches('.').to_lowercase();
    let long = match word.as_str() {
        "capt" => "captain",
        "cmdr" => "commander",
        "col" => "colonel",
        "det" => "detective",
        "dr" => "doctor",
        "gen" => "general",
        "gov" => "governor",
        "lt" => "lieutenant",
        "maj" => "major",
        "prof" => "professor",
        "rep" => "representative",
        "sen" => "senator",
        "sgt" => "sergeant",
        "supt" => "superintendent",
        _ => return word,
    };
    long.to_owned()
}

/// Whether two nouns name the same office: "spokesman" and "spokesperson".
pub(super) fn is_same_office(a: &str, b: &str) -> bool {
    fn stem(word: &str) -> &str {
        let endings = ["person", "woman", "man"].iter();
        let stems = endings.filter_map(|end| word.strip_suffix(end));
        stems.min_by_key(|s| s.len()).filter(|s| s.len() > 3).unwrap_or(word)
    }
    stem(a) == stem(b)
}

fn is_plural(token: Token<'_>) -> bool {
    let is_one = token.children().any(|c| {
        matches!(c.dep(), "det" | "nummod") && matches!(c.lemma(), "a" | "an" | "one")
    });
    !is_one && is_several(token)
}

fn is_several(token: Token<'_>) -> bool {
    token.feature("Number") == Some("Plur")
        || matches!(token.tag(), "NNS" | "NNPS")
        || token.upos() == Upos::Num
        || coordinated(token).next().is_some()
}

fn is_definite(token: Token<'_>) -> bool {
    token.children().any(|c| {
        c.dep() == "det"
            && matches!(
                c.text().to_ascii_lowercase().as_str(),
                "the" | "this" | "that" | "these" | "those"
            )
    })
}

fn is_human(kind: SpeakerKind) -> bool {
    matches!(kind, SpeakerKind::Person | SpeakerKind::People)
}

fn kind_of(
    head: Token<'_>,
    lemma: &str,
    listed: Option<SpeakerKind>,
    plural: bool,
) -> SpeakerKind {
    let has = |dep: &str, lemma: &str| {
        head.children().any(|c| c.dep() == dep && c.lemma() == lemma)
    };
    let of_news =
        || head.children().any(|c| matches!(c.text(), "media" | "news" | "press"));
    let kind = match (lemma, listed) {
        ("medium", _) if head.text().eq_ignore_ascii_case("media") => SpeakerKind::Media,
        ("agency", _) if has("compound", "news") => SpeakerKind::Media,
        ("report", _) if of_news() => SpeakerKind::Media,
        ("paper", _) if head.child("compound").is_some() => SpeakerKind::Document,
        (_, Some(kind)) => kind,
        _ if head.upos() == Upos::Propn => kind_of_unknown_name(head, lemma),
        _ if is_thing(head) => SpeakerKind::Document,
        _ => SpeakerKind::Person,
    };
    match kind {
        SpeakerKind::Person if plural => SpeakerKind::People,
        kind => kind,
    }
}

/// Whether a noun describes one person: "coach", "spokeswoman".
pub(super) fn is_person_noun(head: Token<'_>) -> bool {
    let noun = lexicon::noun(&describing_word(head));
    !is_plural(head) && noun.is_some_and(|n| n.kind == SpeakerKind::Person)
}

/// Whether every longer word around has a capital, as in headlines: then capitals tell
/// nothing.
fn is_in_title_case(token: Token<'_>) -> bool {
    let long =
        |t: &Token<'_>| t.text().len() > 4 && t.text().starts_with(char::is_alphabetic);
    let mut words = token.sentence().tokens().filter(long);
    token.sentence().range().len() > 3
        && words.all(|t| t.text().starts_with(char::is_uppercase))
}

/// What a name is that the pipeline did not mark.
fn kind_of_unknown_name(head: Token<'_>, lemma: &str) -> SpeakerKind {
    let text = head.text();
    let is_acronym = text.len() > 1 && text.chars().all(char::is_uppercase);
    if entity::is_outlet_name(&entity::words(&phrase(head))) {
        SpeakerKind::Media
    } else if is_acronym
        || is_definite(head)
        || lexicon::organisation_role(lemma).is_some()
    {
        SpeakerKind::Organisation
    } else {
        SpeakerKind::Person
    }
}

/// Places with a government: "in the province" they are only places.
fn is_area(noun: Token<'_>) -> bool {
    let area = matches!(
        noun.lemma(),
        "state"
            | "country"
            | "city"
            | "town"
            | "municipality"
            | "county"
            | "province"
            | "nation"
    );
    area && noun.dep() == "pobj"
}

/// "SPD", "Social Democrats": a party, and no people like "Germans".
fn is_party(it: &entity::Entity) -> bool {
    let mut names = it.aliases.iter().chain([&it.name]);
    let ends_so = ["Democrats", "Socialists", "Greens", "Liberals", "Unionists"];
    names.any(|n| {
        let is_acronym =
            n.chars().filter(|c| c.is_uppercase()).count() > 1 && !n.contains(' ');
        is_acronym && !n.contains('.') && !n.contains('-')
            || n.contains(' ') && ends_so.iter().any(|end| n.ends_with(end))
    })
}

/// Whether a common noun names neither people nor anything that is known to speak: "the
/// arrests", "the delay".
pub(super) fn is_thing(head: Token<'_>) -> bool {
    let word = describing_word(head);
    let ends_as_people_do =
        ["er", "or", "ist", "ian", "man", "men", "ee", "eer", "person"];
    head.upos() == Upos::Noun
        && head.ent_type().is_empty()
        && lexicon::noun(&word).is_none()
        && !ends_as_people_do
            .iter()
            .any(|end| word.len() > end.len() + 2 && word.ends_with(end))
}

/// "the head of the agency", "the post by a reader": who is meant is said right here.
fn is_narrowed_after(head: Token<'_>) -> bool {
    head.children().any(|c| c.dep() == "prep" && c.index() > head.index() && !is_time(c))
}

/// The words before a noun that narrow it, in lower case where they are no names.
pub(super) fn modifiers(head: Token<'_>) -> Vec<&str> {
    let narrows = |c: &Token<'_>| {
        c.index() < head.index()
            && matches!(c.dep(), "amod" | "compound" | "nmod" | "poss")
    };
    head.children().filter(narrows).map(|c| c.lemma()).collect()
}

/// A noun phrase as a description: without its article, relative clauses, appositions and
/// what its owner said about being named.
pub(super) fn phrase(head: Token<'_>) -> String {
    let mut tokens = Vec::new();
    collect(head, true, &mut tokens);
    tokens.sort_unstable_by_key(|t| t.index());
    // "The company's site": the article belongs to the owner.
    let is_article = |t: &Token<'_>| matches!(t.lemma(), "the" | "a" | "an");
    if tokens.len() > 1 && tokens.first().is_some_and(is_article) {
        tokens.remove(0);
    }
    let mut text = String::new();
    let mut before: Option<Token<'_>> = None;
    for token in tokens {
        let apart =
            before.is_some_and(|b| b.space_after() || b.index() + 1 != token.index());
        if apart && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(token.text());
        if before.is_none() && has_capital_for_place(token) {
            text = lower_first(&text);
        }
        before = Some(token);
    }
    text
}

/// Whether a capital letter is due to the place and not to the word.
pub(super) fn has_capital_for_place(token: Token<'_>) -> bool {
    let named = token.upos() == Upos::Propn
        || !matches!(token.ent_type(), "" | "CARDINAL" | "ORDINAL" | "DATE");
    let acronym = token.text().chars().skip(1).any(char::is_uppercase);
    // "Belvonian investigators": the names of peoples keep their capital elsewhere, too.
    let of_a_people = || {
        token.upos() == Upos::Adj
            && token
                .doc()
                .tokens()
                .any(|t| t.text() == token.text() && !opens_sentence(t))
    };
    opens_sentence(token) && !named && !acronym && !of_a_people()
}

fn opens_sentence(token: Token<'_>) -> bool {
    token.is_sent_start()
        || token.prev().is_some_and(|p| p.is_punct() && p.is_sent_start())
}

pub(super) fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_lowercase().collect::<String>());
    first.unwrap_or_default() + chars.as_str()
}

fn collect<'d>(token: Token<'d>, is_head: bool, out: &mut Vec<Token<'d>>) {
    out.push(token);
    for child in token.children() {
        let after = child.index() > token.index();
        let comma_before = || {
            let start = child.subtree().start;
            start > 0 && child.index() > 0 && {
                let before = child.prev().filter(|_| start == child.index());
                before.is_some_and(|p| p.is_punct())
            }
        };
        let keep = match child.dep() {
            "det" => {
                !is_head
                    || !matches!(
                        child.text().to_ascii_lowercase().as_str(),
                        "the" | "a" | "an" | "this" | "that" | "these" | "those"
                    )
            }
            "advmod" => !is_head,
            "nummod" => !(is_head && child.lemma() == "one"),
            "punct" => child.text() == "-" || child.text() == "–",
            "npadvmod" => !after,
            "relcl" | "appos" | "advcl" | "parataxis" | "ccomp" | "dep" => false,
            "acl" => !tells_the_way(child) && !comma_before(),
            "prep" if after => !comma_before() && !is_time(child),
            _ => true,
        };
        if keep {
            collect(child, false, out);
        }
    }
}

/// "speaking on condition of anonymity", "citing fear of arrest", "obtained by Reuters".
fn tells_the_way(verb: Token<'_>) -> bool {
    matches!(
        verb.lemma(),
        "speak"
            | "talk"
            | "ask"
            | "request"
            | "cite"
            | "quote"
            | "say"
            | "claim"
            | "write"
            | "add"
            | "tell"
            | "decline"
            | "refuse"
            | "insist"
            | "want"
            | "wish"
            | "obtain"
            | "publish"
            | "release"
            | "carry"
    )
}

fn is_time(prep: Token<'_>) -> bool {
    prep.child("pobj").is_some_and(|o| matches!(o.ent_type(), "DATE" | "TIME"))
}

/// Whether words only ask for a name to be left out: "not to be identified".
pub(super) fn asks_for_no_name<'d>(mut words: impl Iterator<Item = Token<'d>>) -> bool {
    words.any(|t| {
        t.lemma() == "anonymity"
            || matches!(t.lemma(), "name" | "identify")
                && t.tag() == "VBN"
                && t.children().any(|c| c.dep() == "auxpass")
                && t.children().any(|c| c.dep() == "neg")
    })
}

/// Why a source is not named, in the text's own words: what follows "because", "for fear of"
/// and the like in a sentence that says it wants no name.
fn reason_unnamed(source: Token<'_>) -> Option<Span> {
    let sentence = source.sentence();
    // The wish stands near the source; sentences without end are no news.
    const NEAR: usize = 120;
    let range = sentence.range();
    let mut near = source.doc().slice(
        range.start.max(source.index().saturating_sub(NEAR))
            ..range.end.min(source.index() + NEAR),
    );
    let asks = near.find(|t| {
        let named = matches!(t.lemma(), "name" | "identify" | "quote" | "use")
            && t.tag() == "VBN"
            && t.children().any(|c| c.dep() == "auxpass");
        let refused = || {
            let words = ["not", "decline", "refuse", "n't", "n’t"];
            let near = sentence.range().start.max(t.index().saturating_sub(6))..t.index();
            source
                .doc()
                .slice(near)
                .any(|t| words.contains(&t.lemma()) || words.contains(&t.text()))
        };
        (t.lemma() == "anonymity" || t.lemma() == "anonymously" || named && refused())
            && source.head().dominates(*t)
    })?;
    let after =
        source.doc().slice(asks.index() + 1..range.end.min(asks.index() + 1 + NEAR));
    for token in after {
        let reason = match token.lemma() {
            "because" | "since" | "as" if token.dep() == "mark" => token.head(),
            "cite" if token.tag() == "VBG" => token.child("dobj")?,
            "discuss" | "describe" if token.tag() == "VBG" => token,
            "due" | "because" => token,
            "for"
                if token.child("pobj").is_some_and(|o| {
                    matches!(o.lemma(), "fear" | "reason" | "safety" | "security")
                }) =>
            {
                token
            }
            "out" if token.children().any(|c| c.lemma() == "of") => token,
            "avoid" | "protect" | "fear" if token.tag() != "NN" => token,
            _ => continue,
        };
        let range = reason.subtree();
        let start = range.start.max(asks.index() + 1);
        let skip_mark = |t: &Token<'_>| matches!(t.dep(), "mark") || t.is_punct();
        let inner: Vec<Token<'_>> = sentence
            .tokens()
            .filter(|t| (start..range.end).contains(&t.index()))
            .skip_while(skip_mark)
            .collect();
        let (first, last) = (inner.first()?, inner.iter().rev().find(|t| !t.is_punct())?);
        return Some(first.span().cover(last.span()));
    }
    None
}
