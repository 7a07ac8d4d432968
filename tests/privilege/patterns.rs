//! Patterns of IAM's: `*` stands for any text, `?` for one character.

/// Whether `pattern` takes everything that `asked` stands for. What `asked` has of `*` and `?` is taken as it is written,
/// which errs on the side of no.
pub(crate) fn covers(pattern: &str, asked: &str) -> bool {
    compare(pattern, asked, false)
}

/// Whether there is a text that both take.
pub(crate) fn meets(pattern: &str, asked: &str) -> bool {
    compare(pattern, asked, true)
}

/// The same two questions of ARNs: a pattern goes no further than its part between two colons, but for the last part.
pub(crate) fn arn(pattern: &str, asked: &str, compare: fn(&str, &str) -> bool) -> bool {
    if pattern == "*" || asked == "*" {
        return compare(pattern, asked);
    }
    let (mut ours, mut theirs) = (pattern.splitn(6, ':'), asked.splitn(6, ':'));
    loop {
        match (ours.next(), theirs.next()) {
            (Some(pattern), Some(asked)) if compare(pattern, asked) => {}
            (None, None) => return true,
            _ => return false,
        }
    }
}

/// `wild`: whether the signs of `asked` count too.
fn compare(pattern: &str, asked: &str, wild: bool) -> bool {
    let (pattern, asked) = (pattern.as_bytes(), asked.as_bytes());
    let is_plain = |text: &[u8]| !text.contains(&b'*') && !text.contains(&b'?');
    if is_plain(pattern) && (!wild || is_plain(asked)) {
        return pattern == asked;
    }
    // For each beginning of `asked`, whether what was read of `pattern` takes it.
    let mut taken = vec![false; asked.len() + 1];
    taken[0] = true;
    for at in 0..asked.len() {
        taken[at + 1] = taken[at] && wild && asked[at] == b'*';
    }
    for &sign in pattern {
        let before = taken.clone();
        taken[0] = before[0] && sign == b'*';
        for (at, &other) in asked.iter().enumerate() {
            let any = wild && other == b'*';
            let one = sign == b'?' || sign == other || wild && other == b'?';
            taken[at + 1] = before[at] && (one || sign == b'*')
                || sign == b'*' && (before[at + 1] || taken[at])
                || any && (taken[at] || before[at + 1]);
        }
    }
    taken[asked.len()]
}

#[test]
fn a_pattern_takes_what_its_signs_stand_for() {
    for (pattern, text) in [("*", ""), ("*", "a"), ("s3:Get*", "s3:GetObject"), ("a?c", "abc"), ("a*b*c", "a-b-b-c")] {
        assert!(covers(pattern, text) && meets(pattern, text), "{pattern} {text}");
    }
    for (pattern, text) in [("", "a"), ("?", ""), ("s3:Get", "s3:GetObject"), ("a?c", "ac"), ("*b", "bc"), ("a*", "b")]
    {
        assert!(!covers(pattern, text) && !meets(pattern, text), "{pattern} {text}");
    }
}

#[test]
fn two_patterns_meet_where_a_text_is_taken_by_both() {
    for (one, other) in [
        ("a*", "*b"),
        ("s3:*", "s3:Get*"),
        ("a?", "*b"),
        ("*", "*"),
        ("*a*", "b*"),
        ("iam:PassRole", "iam:*"),
        ("sns:*", "s*:a"),
    ] {
        assert!(meets(one, other) && meets(other, one), "{one} {other}");
    }
    for (one, other) in [("a*", "b*"), ("*a", "*b"), ("s3:*", "sts:*"), ("a?", "a")] {
        assert!(!meets(one, other) && !meets(other, one), "{one} {other}");
    }
    assert!(covers("s3:*", "s3:Get*") && !covers("s3:Get*", "s3:*"));
}

#[test]
fn a_sign_in_an_arn_stays_between_its_colons() {
    assert!(arn("arn:aws:iam::*:role/a", "arn:aws:iam::1:role/a", covers));
    assert!(!arn("arn:*:role/a", "arn:aws:iam::1:role/a", covers));
    assert!(arn("arn:aws:logs:e:1:*", "arn:aws:logs:e:1:group:a:stream", covers));
    assert!(!arn("arn:aws:s3:::bucket/*", "*", covers) && arn("arn:aws:s3:::bucket/*", "*", meets));
    assert!(arn("*", "arn:aws:s3:::bucket/a", covers));
}
