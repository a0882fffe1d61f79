use std::fmt;

macro_rules! upos {
    ($($variant:ident $name:literal $doc:literal,)*) => {
        /// A universal part of speech, with spaCy's additions `SPACE`, `CONJ` and `EOL`.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Upos {
            /// Not set.
            #[default]
            None,
            $(#[doc = $doc] $variant,)*
        }

        impl Upos {
            /// The name as in CoNLL-U; empty when not set.
            pub fn as_str(self) -> &'static str {
                match self {
                    Self::None => "",
                    $(Self::$variant => $name,)*
                }
            }

            /// The part of speech called `name`.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    "" => Some(Self::None),
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

upos! {
    Adj "ADJ" "Adjective.",
    Adp "ADP" "Adposition.",
    Adv "ADV" "Adverb.",
    Aux "AUX" "Auxiliary.",
    Conj "CONJ" "Conjunction, as older schemes have it.",
    Cconj "CCONJ" "Coordinating conjunction.",
    Det "DET" "Determiner.",
    Intj "INTJ" "Interjection.",
    Noun "NOUN" "Common noun.",
    Num "NUM" "Numeral.",
    Part "PART" "Particle.",
    Pron "PRON" "Pronoun.",
    Propn "PROPN" "Proper noun.",
    Punct "PUNCT" "Punctuation.",
    Sconj "SCONJ" "Subordinating conjunction.",
    Sym "SYM" "Symbol.",
    Verb "VERB" "Verb.",
    X "X" "Other.",
    Eol "EOL" "End of line.",
    Space "SPACE" "White space that is a token of its own.",
}

impl fmt::Display for Upos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
