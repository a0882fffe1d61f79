//! A whole pipeline, and the workers that run it.

use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use crate::doc::{EntIob, Spare, Tensor, TokenData, Upos};
use crate::model::config::Config;
use crate::model::layers;
use crate::model::msgpack::Reader;
use crate::model::thinc::Model;
use crate::model::vectors::Vectors;
use crate::nn::Linear;
use crate::nn::ops::Kernel;
use crate::pipe::{
    AttributeRuler, EntityRecognizer, Layout, LemmaCache, Lemmatizer, Moves, Parser,
    ParserScratch, RulerCache, ScorerScratch, Tagger, Texts, Tok2Vec, Tok2VecCache,
};
use crate::tokenize::{RawToken, Tokenizer, Words};
use crate::{Doc, Error, LabelId, Labels, Span};

/// Word types that a worker keeps. Past that it forgets all of them before the next text:
/// what is kept never changes a result, only the time it takes.
const MAX_WORDS: usize = 24_000;

/// Bytes of text of word types that a worker keeps.
const MAX_TEXT: usize = 4 << 20;

/// An English spaCy v3 pipeline: weights and tables, shared by any number of [`Worker`]s.
///
/// Gives the tokens, tags, parts of speech, features, lemmas, heads, labels, sentence
/// starts and entities that spaCy 3.8 gives with the same files.
#[derive(Debug)]
pub struct Pipeline {
    name: Arc<str>,
    kernel: Kernel,
    labels: Arc<Labels>,
    tokenizer: Tokenizer,
    vectors: Arc<Vectors>,
    tok2vec: Tok2Vec,
    tagger: Tagger,
    parser_projection: Linear,
    parser: Parser,
    ruler: AttributeRuler,
    lemmatizer: Lemmatizer,
    ner_tok2vec: Tok2Vec,
    ner_projection: Linear,
    ner: EntityRecognizer,
    spare: Arc<Spare>,
}

/// Reads one file of a pipeline by its path inside the pipeline's folder, written with `/`;
/// `None` when there is no such file.
pub type ReadFile<'r> = dyn FnMut(&str) -> Result<Option<Vec<u8>>, String> + 'r;

/// The components we run, in the order they must stand in.
const COMPONENTS: [&str; 6] =
    ["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "ner"];

impl Pipeline {
    /// Loads a pipeline file by file.
    ///
    /// # Errors
    ///
    /// When a file is missing, cannot be read or is broken, when the pipeline is not
    /// English, or when it has components or settings that we do not run; the error names
    /// the file or component.
    pub fn load(read: &mut ReadFile<'_>) -> Result<Self, Error> {
        Self::load_for(Kernel::detect(), read)
    }

    /// Loads a pipeline to be computed with the instructions of `kernel`. The results are
    /// the same with every kernel.
    ///
    /// # Errors
    ///
    /// As [`Pipeline::load`], and when this machine does not run `kernel`.
    pub fn load_for(kernel: Kernel, read: &mut ReadFile<'_>) -> Result<Self, Error> {
        if !Kernel::available().contains(&kernel) {
            return Err(Error::new(format!("this machine does not run {kernel:?}")));
        }
        let mut file = |path: &str| -> Result<Vec<u8>, Error> {
            match read(path) {
                Ok(Some(bytes)) => Ok(bytes),
                Ok(None) => Err(Error::new("missing from the pipeline").at(path)),
                Err(error) => Err(Error::new(error).at(path)),
            }
        };
        let config = file("config.cfg")?;
        let config = Config::read(text(&config, "config.cfg")?);
        check_config(&config).map_err(|e| e.at("config.cfg"))?;
        let name = pipeline_name(&json(&file("meta.json")?, "meta.json")?);
        let mode = json(&file("vocab/vectors.cfg")?, "vocab/vectors.cfg")?;
        if mode.get("mode").is_some_and(|mode| mode != "default") {
            return Err(Error::new("only vectors in mode 'default' are supported")
                .at("vocab/vectors.cfg"));
        }

        let mut labels = Labels::default();
        let lookups = file("vocab/lookups.bin")?;
        let tokenizer = Tokenizer::load(&file("tokenizer")?, Some(&lookups))?;
        let vectors = Vectors::read(file("vocab/vectors")?, &file("vocab/key2row")?)?;

        let tok2vec = model(&mut file, "tok2vec/model", |model| {
            layers::tok2vec(kernel, model, vectors.width())
        })?;
        let (linear, n_tags) = model(&mut file, "tagger/model", |model| {
            layers::linear(model.the("softmax")?)
        })?;
        let tagger = tags(&json(&file("tagger/cfg")?, "tagger/cfg")?, &mut labels)
            .and_then(|tags| Tagger::new(linear, n_tags, tags))
            .map_err(|e| e.at("tagger/cfg"))?;

        let layers = model(&mut file, "parser/model", |model| {
            layers::transition(model, Parser::COMMON_SLOTS)
        })?;
        check_beam(&json(&file("parser/cfg")?, "parser/cfg")?)
            .map_err(|e| e.at("parser/cfg"))?;
        let parser_projection = layers.projection;
        let parser = moves(&file("parser/moves")?)
            .and_then(|moves| {
                Parser::new(layers.scorer, layers.n_classes, moves, &mut labels)
            })
            .map_err(|e| e.at("parser/moves"))?;

        let (ner_tok2vec, layers) = model(&mut file, "ner/model", |model| {
            let tok2vec = layers::tok2vec(kernel, model, vectors.width())?;
            Ok((tok2vec, layers::transition(model, EntityRecognizer::COMMON_SLOTS)?))
        })?;
        check_beam(&json(&file("ner/cfg")?, "ner/cfg")?).map_err(|e| e.at("ner/cfg"))?;
        let ner_projection = layers.projection;
        let ner = moves(&file("ner/moves")?)
            .and_then(|moves| {
                EntityRecognizer::new(layers.scorer, layers.n_classes, moves, &mut labels)
            })
            .map_err(|e| e.at("ner/moves"))?;

        let ruler = AttributeRuler::read(&file("attribute_ruler/patterns")?, &mut labels)
            .map_err(|e| e.at("attribute_ruler/patterns"))?;
        let lemmatizer =
            Lemmatizer::read(&file("lemmatizer/lookups/lookups.bin")?, &labels)
                .map_err(|e| e.at("lemmatizer/lookups/lookups.bin"))?;

        let fits = tagger.inputs() == tok2vec.width()
            && parser_projection.inputs() == tok2vec.width()
            && ner_projection.inputs() == ner_tok2vec.width();
        if !fits {
            return Err(Error::new(
                "the components are made for token vectors of other widths",
            ));
        }
        Ok(Self {
            name: name.into(),
            kernel,
            labels: Arc::new(labels),
            tokenizer,
            vectors: Arc::new(vectors),
            tok2vec,
            tagger,
            parser_projection,
            parser,
            ruler,
            lemmatizer,
            ner_tok2vec,
            ner_projection,
            ner,
            spare: Arc::default(),
        })
    }

    /// Name and version, as in `en_core_web_md 3.8.0`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A worker on this pipeline; each thread wants one of its own.
    pub fn worker(&self) -> Worker<'_> {
        Worker { pipeline: self, scratch: Scratch::default() }
    }
}

/// Reads the model file at `path` and makes something of its layers.
fn model<T>(
    file: &mut impl FnMut(&str) -> Result<Vec<u8>, Error>,
    path: &str,
    make: impl FnOnce(&Model<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let bytes = file(path)?;
    Model::read(&bytes).and_then(|model| make(&model)).map_err(|e| e.at(path))
}

fn text<'b>(bytes: &'b [u8], path: &str) -> Result<&'b str, Error> {
    std::str::from_utf8(bytes).map_err(|_| Error::new("not UTF-8 text").at(path))
}

fn json(bytes: &[u8], path: &str) -> Result<Value, Error> {
    serde_json::from_slice(bytes)
        .map_err(|e| Error::new(format!("not JSON: {e}")).at(path))
}

/// Refuses pipelines that we would run differently from spaCy.
fn check_config(config: &Config) -> Result<(), Error> {
    config.require("nlp", "lang", "en".into())?;
    let disabled = config.names("nlp", "disabled")?;
    let components: Vec<&str> = config
        .names("nlp", "pipeline")?
        .into_iter()
        .filter(|name| !disabled.contains(name))
        .collect();
    for name in &components {
        if !COMPONENTS.contains(name) {
            return Err(Error::new(format!("component '{name}' is not supported")));
        }
        config.require(&format!("components.{name}"), "factory", (*name).into())?;
    }
    if let Some(name) = COMPONENTS.iter().find(|name| !components.contains(name)) {
        return Err(Error::new(format!("the pipeline has no component '{name}'")));
    }
    if components != COMPONENTS {
        return Err(Error::new(format!(
            "components run in the order {}; only {} is supported",
            components.join(", "),
            COMPONENTS.join(", ")
        )));
    }
    config.require("components.lemmatizer", "mode", "rule".into())?;
    config.require("components.parser", "learn_tokens", false.into())?;
    let architectures = [
        ("components.tok2vec.model", "spacy.Tok2Vec.v2"),
        ("components.tagger.model", "spacy.Tagger.v2"),
        ("components.tagger.model.tok2vec", "spacy.Tok2VecListener.v1"),
        ("components.parser.model", "spacy.TransitionBasedParser.v2"),
        ("components.parser.model.tok2vec", "spacy.Tok2VecListener.v1"),
        ("components.ner.model", "spacy.TransitionBasedParser.v2"),
        ("components.ner.model.tok2vec", "spacy.Tok2Vec.v2"),
    ];
    for (section, name) in architectures {
        config.require(section, "@architectures", name.into())?;
    }
    Ok(())
}

fn pipeline_name(meta: &Value) -> String {
    let field = |key| meta.get(key).and_then(Value::as_str).unwrap_or("unknown");
    format!("{}_{} {}", field("lang"), field("name"), field("version"))
}

fn tags(cfg: &Value, labels: &mut Labels) -> Result<Vec<LabelId>, Error> {
    let names = cfg.get("labels").and_then(Value::as_array);
    let names = names.ok_or_else(|| Error::new("no list of labels"))?;
    let name = |v: &Value| v.as_str().map(str::to_owned);
    names
        .iter()
        .map(|v| labels.add(&name(v).ok_or_else(|| Error::new("a label is no string"))?))
        .collect()
}

fn check_beam(cfg: &Value) -> Result<(), Error> {
    match cfg.get("beam_width").and_then(Value::as_i64) {
        None | Some(1) => Ok(()),
        Some(width) => {
            Err(Error::new(format!("a beam of width {width} is not supported")))
        }
    }
}

/// What a `moves` file lists.
fn moves(bytes: &[u8]) -> Result<Moves, Error> {
    let mut reader = Reader::new(bytes);
    let mut moves = Moves::new();
    for _ in 0..reader.map_len()? {
        if reader.str()? != "moves" {
            reader.skip()?;
            continue;
        }
        let value: Value = serde_json::from_str(reader.str()?)
            .map_err(|e| Error::new(format!("'moves' is not JSON: {e}")))?;
        for (action, labels) in value.as_object().into_iter().flatten() {
            let number = action.parse();
            let number =
                number.map_err(|_| Error::new(format!("no action '{action}'")))?;
            let labels = labels.as_object().into_iter().flatten();
            let labels = labels
                .map(|(label, freq)| Some((label.clone(), freq.as_i64()?)))
                .collect::<Option<Vec<_>>>()
                .ok_or_else(|| Error::new("a frequency is no whole number"))?;
            moves.push((number, labels));
        }
    }
    Ok(moves)
}

/// Runs a [`Pipeline`] on one text after another. Keeps what it has worked out about words,
/// within bounds, so later texts go faster than the first; results never depend on it.
#[derive(Debug)]
pub struct Worker<'p> {
    pipeline: &'p Pipeline,
    scratch: Scratch,
}

#[derive(Debug, Default)]
struct Scratch {
    words: Words,
    raw: Vec<RawToken>,
    /// Tokens of each text that is parsed on its own.
    texts: Vec<Range<usize>>,
    layout: Layout,
    tok2vec: Tok2VecCache,
    ner_tok2vec: Tok2VecCache,
    tag_scores: Vec<f32>,
    parser_vectors: Vec<f32>,
    ner_vectors: Vec<f32>,
    parser: ParserScratch,
    ruler: RulerCache,
    lemmas: LemmaCache,
    ner: ScorerScratch,
}

impl Scratch {
    fn forget_words(&mut self) {
        self.words.clear();
        self.tok2vec.clear();
        self.ner_tok2vec.clear();
        self.ruler.clear();
        self.lemmas.clear();
    }
}

impl<'p> Worker<'p> {
    /// The pipeline it works on.
    pub fn pipeline(&self) -> &'p Pipeline {
        self.pipeline
    }

    /// Parses a text as one document, exactly as spaCy would.
    pub fn parse(&mut self, text: &str) -> Doc {
        self.parse_blocks(text, &[Span::new(0, text.len())])
    }

    /// Parses some stretches of a text, each as if it were a document of its own, into one
    /// [`Doc`] over the whole text. No sentence or entity crosses from one to the next.
    ///
    /// # Panics
    ///
    /// When `blocks` are out of order, overlap, or do not lie on character boundaries of
    /// `text`.
    pub fn parse_blocks(&mut self, text: &str, blocks: &[Span]) -> Doc {
        assert!(
            blocks.is_sorted_by(|a, b| a.end <= b.start),
            "blocks are in text order and apart"
        );
        let Pipeline { kernel, labels, vectors, .. } = self.pipeline;
        let (pipeline, kernel) = (self.pipeline, *kernel);
        let scratch = &mut self.scratch;
        if scratch.words.len() > MAX_WORDS || scratch.words.text_len() > MAX_TEXT {
            scratch.forget_words();
        }
        scratch.raw.clear();
        scratch.texts.clear();
        for block in blocks {
            let from = scratch.raw.len();
            let start = block.start as usize;
            pipeline.tokenizer.tokenize(
                &mut scratch.words,
                &text[*block],
                start,
                &mut scratch.raw,
            );
            scratch.texts.push(from..scratch.raw.len());
        }
        let Scratch { words, raw, texts, .. } = scratch;
        let (words, raw, texts) = (&*words, raw.as_slice(), texts.as_slice());
        let is_space = |token: usize| words.get(raw[token].word).is_space;

        let mut tokens: Vec<TokenData> = raw.iter().map(unknown).collect();
        scratch.layout.set(texts, pipeline.tok2vec.depth());
        let room = |width: usize| pipeline.spare.take(raw.len() * width);
        let mut tensor = Tensor {
            pipeline: Some(Arc::clone(&pipeline.name)),
            rows: room(pipeline.tok2vec.width()),
            ner_rows: room(pipeline.ner_tok2vec.width()),
            vectors: Arc::clone(vectors),
            spare: Arc::clone(&pipeline.spare),
        };
        let encoded = Texts { vectors, words, tokens: raw };
        let mut tagged = 0;
        pipeline.tok2vec.encode(
            &encoded,
            &scratch.layout,
            &mut scratch.tok2vec,
            &mut tensor.rows,
            |rows| {
                pipeline.parser_projection.run_at(
                    kernel,
                    rows,
                    tagged,
                    &mut scratch.parser_vectors,
                );
                for tag in pipeline.tagger.tags(kernel, rows, &mut scratch.tag_scores) {
                    tokens[tagged].tag = tag;
                    tagged += 1;
                }
            },
        );
        scratch.layout.set(texts, pipeline.ner_tok2vec.depth());
        let mut projected = 0;
        pipeline.ner_tok2vec.encode(
            &encoded,
            &scratch.layout,
            &mut scratch.ner_tok2vec,
            &mut tensor.ner_rows,
            |rows| {
                let vectors = &mut scratch.ner_vectors;
                pipeline.ner_projection.run_at(kernel, rows, projected, vectors);
                projected += rows.len() / pipeline.ner_tok2vec.width();
            },
        );

        let mut lemmas = String::new();
        for range in texts.iter().filter(|range| !range.is_empty()) {
            let from = range.start;
            let is_space = |i: usize| is_space(from + i);
            let own = &mut tokens[range.clone()];
            let stride = pipeline.parser_projection.stride();
            pipeline.parser.parse(
                kernel,
                &scratch.parser_vectors[range.start * stride..range.end * stride],
                own,
                is_space,
                &mut scratch.parser,
            );
            pipeline.ruler.apply(
                words,
                &raw[range.clone()],
                own,
                &mut lemmas,
                &mut scratch.ruler,
            );
            let stride = pipeline.ner_projection.stride();
            pipeline.ner.mark(
                kernel,
                &scratch.ner_vectors[range.start * stride..range.end * stride],
                own,
                is_space,
                &mut scratch.ner,
            );
            for token in own {
                token.head += from as u32;
            }
        }
        pipeline.lemmatizer.apply(
            words,
            raw,
            &mut tokens,
            &mut lemmas,
            &mut scratch.lemmas,
        );
        Doc::assemble(text.into(), tokens, Arc::clone(labels), lemmas).with_tensor(tensor)
    }
}

/// A token of which only the place is known.
fn unknown(raw: &RawToken) -> TokenData {
    TokenData {
        span: raw.span,
        lemma: Span::default(),
        head: 0,
        tag: LabelId::default(),
        dep: LabelId::default(),
        morph: LabelId::default(),
        ent_type: LabelId::default(),
        upos: Upos::None,
        ent_iob: EntIob::O,
        sent_start: false,
        space_after: raw.space_after,
    }
}
