//! `according parse`.

use crate::program::Fresh;

const TEXT: &str = "Officials in Paris said on Monday that the bridge — closed since May — \
                    will open.\n\nNobody was hurt.";

#[test]
fn jsonl_tokens_lead_back_to_the_text() {
    let fresh = Fresh::new();
    let line = serde_json::json!({"id": "a", "text": TEXT}).to_string();
    let args = ["parse", "--input", "jsonl", "--format", "jsonl"];
    let ran = fresh.run_with(&args, line);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let doc = &ran.json_lines()[0];
    assert_eq!((&doc["id"], &doc["text"]), (&"a".into(), &TEXT.into()));

    let chars: Vec<char> = TEXT.chars().collect();
    let tokens = doc["tokens"].as_array().unwrap();
    let form = |token: &serde_json::Value| -> String {
        let at = |i: usize| token[i].as_u64().unwrap() as usize;
        chars[at(0)..at(1)].iter().collect()
    };
    let forms: Vec<String> = tokens.iter().map(form).collect();
    let expected = [
        "Officials",
        "in",
        "Paris",
        "said",
        "on",
        "Monday",
        "that",
        "the",
        "bridge",
        "—",
        "closed",
        "since",
        "May",
        "—",
        "will",
        "open",
        ".",
        "\n\n",
        "Nobody",
        "was",
        "hurt",
        ".",
    ];
    assert_eq!(forms, expected);
    // start, end, tag, pos, lemma, morph, head, dep, sent_start, ent_iob, ent_type
    assert_eq!(
        tokens[2].to_string(),
        r#"[13,18,"NNP","PROPN","Paris","Number=Sing",1,"pobj",0,"B","GPE"]"#
    );
    let starts: Vec<usize> = (0..tokens.len()).filter(|&i| tokens[i][8] == 1).collect();
    assert_eq!(starts, [0, 18]);
}

#[test]
fn conllu_is_what_the_format_asks_for() {
    let fresh = Fresh::new();
    fresh.write("a.txt", TEXT);
    let ran = fresh.run(&["parse", "a.txt"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let sentences: Vec<&str> = ran.out.split_terminator("\n\n").collect();
    assert_eq!(sentences.len(), 2, "{}", ran.out);
    for sentence in &sentences {
        let words: Vec<Vec<&str>> = sentence
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.split('\t').collect())
            .collect();
        let roots = words.iter().filter(|word| word[6] == "0" && word[7] == "root");
        assert_eq!(roots.count(), 1);
        for (i, word) in words.iter().enumerate() {
            assert_eq!(word.len(), 10, "{word:?}");
            assert_eq!(word[0], (i + 1).to_string());
            assert!(word[6].parse::<usize>().unwrap() <= words.len());
            assert!(word.iter().all(|column| !column.is_empty()));
        }
    }
    assert!(sentences[1].starts_with("# sent_id = a.txt-2\n# text = Nobody was hurt.\n"));
    assert!(ran.out.contains("\tEntity=B-GPE\n"), "{}", ran.out);
    assert!(ran.out.contains("\tSpacesAfter=\\n\\n\n"), "{}", ran.out);
}

#[test]
fn threads_change_nothing() {
    let fresh = Fresh::new();
    for i in 0..30 {
        fresh.write(&format!("in/{i:02}.txt"), TEXT.repeat(1 + (i * 7) % 5));
    }
    let run = |threads: &str| {
        let ran = fresh.run(&["parse", "--format", "jsonl", "--threads", threads, "in"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.out
    };
    let one = run("1");
    assert_eq!(one.lines().count(), 30);
    assert!(one == run("2") && one == run("7"));
}
