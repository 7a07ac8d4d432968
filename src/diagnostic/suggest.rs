//! "Did you mean …?"

/// How many pairs of letters are compared for one word.
const MAX_WORK: usize = 100_000;

/// The candidate nearest to `word`, where one is near enough to be meant.
///
/// Distance is Damerau's (insert, delete, replace, swap of neighbours), letter case left aside; a third of the
/// word's letters may be wrong. A tie goes to the candidate that comes first. Of thousands of long candidates those that
/// come late are not looked at.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().take(64).flat_map(char::to_lowercase).collect();
    let allowed = (word.len() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    let mut work = 0;
    for candidate in candidates {
        let letters: Vec<char> = candidate.chars().take(80).flat_map(char::to_lowercase).collect();
        if letters.len().abs_diff(word.len()) > allowed {
            continue;
        }
        work += word.len() * letters.len();
        if work > MAX_WORK {
            break;
        }
        let far = distance(&word, &letters);
        if far <= allowed && far < letters.len() && best.is_none_or(|(nearest, _)| far < nearest) {
            best = Some((far, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn distance(a: &[char], b: &[char]) -> usize {
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let (mut before, mut row) = (last.clone(), last.clone());
    for i in 1..=a.len() {
        row[0] = i;
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row[j] = least;
        }
        std::mem::swap(&mut before, &mut row);
        std::mem::swap(&mut before, &mut last);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        assert_eq!(did_you_mean("acount", ["region", "account"]), Some("account"));
        assert_eq!(did_you_mean("enviroment", ["environment"]), Some("environment"));
        assert_eq!(did_you_mean("xyz", ["account", "region"]), None);
        assert_eq!(did_you_mean("", ["a"]), None);
    }
}
