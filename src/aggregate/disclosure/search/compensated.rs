use super::{Axis, Search};
use crate::aggregate::disclosure::exchange::Change;

impl Search<'_> {
    /// Tries different replies from one respondent in the group and another anywhere: the second offsets the first
    /// one's effect on figures already published.
    pub(super) fn compensated(&mut self, axis: Axis, group: usize) {
        let block = self.block;
        let here = self.units(axis, &self.leaves_of(axis.column, group));
        let anywhere = self.units(axis, &self.leaves_of(axis.column, 0));
        for a in here {
            for reply in self.other_replies(axis, a) {
                let first = block.replied(a, &[(axis.question, reply)]);
                for b in anywhere.iter().copied().filter(|b| block.units[*b].area != block.units[a].area) {
                    for back in self.other_replies(axis, b) {
                        let second = block.replied(b, &[(axis.question, back)]);
                        self.consider(first.iter().cloned().chain(second).map(Change::new).collect());
                    }
                    if self.is_over() {
                        return;
                    }
                }
            }
        }
    }

    /// Respondents in these leaves whose replies may change, a few of each kind.
    fn units(&mut self, axis: Axis, leaves: &[usize]) -> Vec<usize> {
        let mut units = Vec::new();
        for leaf in leaves {
            let list = self.shortlist(axis, *leaf);
            units.extend(list.iter().flat_map(|(_, of_kind)| self.free(of_kind)));
        }
        units
    }
}
