//! `according parse`: the language layer alone.

use std::io::Write as _;

use according_nlp::{CodePoints, Doc, Worker};
use anyhow::{Context as _, Result};
use serde::Serialize;
use serde::ser::SerializeSeq as _;

use super::Ending;
use super::batch::{self, Done};
use crate::conllu;
use crate::console::Console;
use crate::files::{Inputs, Item};
use crate::flags::{InputForm, ParseFlags, ParseFormat, ParseInput};

pub(crate) fn run(
    flags: &ParseFlags,
    wanted: Option<&str>,
    console: &Console,
) -> Result<Ending> {
    let form = match flags.input {
        ParseInput::Text => InputForm::Text,
        ParseInput::Jsonl => InputForm::Jsonl,
    };
    let inputs = Inputs::find(&flags.inputs, form, console);
    if !inputs.has_any() {
        return batch::name_failures(inputs, console);
    }
    let pipeline = crate::model::load(wanted, console)?;
    let work = |worker: &mut Worker<'_>, item: Item| {
        let name = item.name.clone();
        let record = item.read()?;
        let text = record.text.context("the object has no \"text\"")?;
        let id = record.id.unwrap_or(name);
        let doc = worker.parse(&text);
        let mut output = Vec::new();
        match flags.format {
            ParseFormat::Conllu => {
                let mut text = String::new();
                conllu::write(&doc, &id, &mut text);
                output = text.into_bytes();
            }
            ParseFormat::Jsonl => {
                let line = Line { id: &id, text: &text, tokens: Tokens(&doc) };
                serde_json::to_writer(&mut output, &line).context("cannot be written")?;
                output.write_all(b"\n")?;
            }
        }
        Ok(Done { output, notes: record.notes })
    };
    let out = std::io::stdout().lock();
    batch::run(inputs, flags.inputs.threads, console, out, || pipeline.worker(), work)
}

/// One text on one line.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    text: &'a str,
    tokens: Tokens<'a>,
}

/// `[start, end, tag, pos, lemma, morph, head, dep, sent_start, ent_iob, ent_type]` each.
struct Tokens<'a>(&'a Doc);

impl Serialize for Tokens<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let points = CodePoints::new(self.0.text());
        let mut tokens = serializer.serialize_seq(Some(self.0.len()))?;
        for token in self.0.tokens() {
            let [start, end] = points.of(token.span());
            tokens.serialize_element(&(
                start,
                end,
                token.tag(),
                token.upos().as_str(),
                token.lemma(),
                token.morph(),
                token.head().index(),
                token.dep(),
                u8::from(token.is_sent_start()),
                token.ent_iob().as_str(),
                token.ent_type(),
            ))?;
        }
        tokens.end()
    }
}
