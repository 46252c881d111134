//! Renders cases with both programs and says which differ.
//!
//! Cases that the program under test renders are rendered by helm many in one chart; a case that fails there, or whose
//! text differs, is rendered alone before it counts, and again to see whether helm's answer is always the same.

use super::case::Case;
use super::program::{Form, Outcome, included, named_case, run, run_together};
use std::path::Path;

/// How often helm is asked about a case that differs.
const ANSWERS: usize = 6;

/// The two programs.
pub struct Programs<'a> {
    pub helm: &'a Path,
    pub ours: &'a Path,
}

/// Makes one case of those at some places.
pub type Together<'a> = dyn Fn(&[usize]) -> Option<Case> + 'a;

/// Two answers that differ.
#[derive(Clone, Debug)]
pub struct Difference {
    pub helm: Outcome,
    pub ours: Outcome,
}

impl Difference {
    /// What differs first.
    pub fn kind(&self) -> &'static str {
        if self.helm.exit != self.ours.exit {
            "exit status"
        } else if self.helm.stdout != self.ours.stdout {
            "standard output"
        } else {
            "standard error"
        }
    }
}

impl Programs<'_> {
    /// Renders one case alone.
    pub fn difference(&self, case: &Case) -> Result<Option<Difference>, String> {
        if case.chart_mode {
            return self.both(case, Form::Direct);
        }
        let ours = run(self.ours, case, Form::Included)?;
        if ours.exit == 0 {
            let helm = run(self.helm, case, Form::Included)?;
            return Ok(self.judge(helm, ours));
        }
        // Names and places in a message are those of an ordinary file.
        let ours = run(self.ours, case, Form::Direct)?;
        if ours.exit == 0 || is_no_yaml(&ours) {
            return self.both(case, Form::Included);
        }
        let helm = run(self.helm, case, Form::Direct)?;
        Ok(self.judge(helm, ours))
    }

    fn both(&self, case: &Case, form: Form) -> Result<Option<Difference>, String> {
        let (helm, ours) = (run(self.helm, case, form)?, run(self.ours, case, form)?);
        Ok(self.judge(helm, ours))
    }

    fn judge(&self, mut helm: Outcome, mut ours: Outcome) -> Option<Difference> {
        // What is told about the keys of a map is told in random order by helm.
        for outcome in [&mut helm, &mut ours] {
            outcome.stderr = with_sorted_logs(&outcome.stderr);
        }
        (helm != ours).then_some(Difference { helm, ours })
    }

    /// The difference of a case, unless helm now and then gives another answer.
    ///
    /// The order in which helm takes subcharts is random, and so is what it tells before it fails.
    pub fn lasting_difference(&self, case: &Case) -> Result<Option<Difference>, String> {
        let mut first: Option<Difference> = None;
        for _ in 0..ANSWERS {
            let difference = self.difference(case)?;
            match (difference, &first) {
                (None, _) => return Ok(None),
                (Some(now), Some(first)) if now.helm != first.helm => return Ok(None),
                (Some(now), _) => first = Some(now),
            }
        }
        Ok(first)
    }

    /// Renders cases and returns those that differ, by their places.
    pub fn differences(
        &self,
        cases: &[Case],
        joined: Option<&Together<'_>>,
    ) -> Result<Vec<(usize, Difference)>, String> {
        let mut found = Vec::new();
        let mut together: Vec<(usize, Vec<u8>)> = Vec::new();
        let mut alone = Vec::new();
        for (place, case) in cases.iter().enumerate() {
            if case.chart_mode {
                alone.push(place);
                continue;
            }
            let ours = run(self.ours, case, Form::Included)?;
            let fits = joined.is_some()
                || together
                    .first()
                    .is_none_or(|(first, _)| cases[*first].shares_chart_with(case));
            if ours.exit == 0 && ours.stderr.is_empty() && fits {
                together.push((place, ours.stdout));
            } else {
                alone.push(place);
            }
        }
        match joined {
            None => alone.extend(self.suspects(cases, together)?),
            Some(joined) => {
                let (mix, others): (Vec<usize>, Vec<usize>) = together
                    .iter()
                    .map(|(place, _)| *place)
                    .partition(|place| joined(&[*place]).is_some());
                alone.extend(others);
                self.halve(joined, &mix, &mut alone)?;
            }
        }
        alone.sort_unstable();
        for place in alone {
            if let Some(difference) = self.lasting_difference(&cases[place])? {
                found.push((place, difference));
            }
        }
        Ok(found)
    }

    /// Renders cases as one with both programs, and halves of them where the answers differ.
    fn halve(
        &self,
        joined: &Together<'_>,
        places: &[usize],
        alone: &mut Vec<usize>,
    ) -> Result<(), String> {
        if places.len() < 2 {
            alone.extend(places);
            return Ok(());
        }
        if let Some(case) = joined(places)
            && self.both(&case, Form::Included)?.is_none()
        {
            return Ok(());
        }
        let (first, second) = places.split_at(places.len() / 2);
        self.halve(joined, first, alone)?;
        self.halve(joined, second, alone)
    }

    /// Renders cases in one chart with helm; returns those that must be looked at alone.
    fn suspects(
        &self,
        cases: &[Case],
        mut together: Vec<(usize, Vec<u8>)>,
    ) -> Result<Vec<usize>, String> {
        let mut suspects = Vec::new();
        while !together.is_empty() {
            let batch: Vec<Case> = together
                .iter()
                .map(|(place, _)| cases[*place].clone())
                .collect();
            let outcome = run_together(self.helm, &batch)?;
            if outcome.exit == 0
                && outcome.stderr.is_empty()
                && let Some(texts) = included(&outcome.stdout, batch.len())
            {
                let differ = together
                    .iter()
                    .zip(&texts)
                    .filter(|((_, ours), helm)| ours != *helm);
                suspects.extend(differ.map(|((place, _), _)| *place));
                break;
            }
            match named_case(&outcome.stderr).filter(|number| *number < together.len()) {
                Some(number) => suspects.push(together.remove(number).0),
                None => {
                    suspects.extend(together.iter().map(|(place, _)| *place));
                    break;
                }
            }
        }
        Ok(suspects)
    }
}

/// Log lines in order, then the rest.
fn with_sorted_logs(stderr: &[u8]) -> Vec<u8> {
    let lines = stderr.split_inclusive(|byte| *byte == b'\n');
    let (mut logs, rest): (Vec<&[u8]>, Vec<&[u8]>) =
        lines.partition(|line| line.starts_with(b"level="));
    logs.sort_unstable();
    [logs.concat(), rest.concat()].concat()
}

fn is_no_yaml(outcome: &Outcome) -> bool {
    let mark = b"Error: YAML parse error on t/templates/main.yaml";
    outcome.stderr.windows(mark.len()).any(|text| text == mark)
}
