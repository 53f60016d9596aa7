use super::{
    BarsFigure, PlacesFigure, ProcessesFigure, SharesFigure, SidesFigure, StripsFigure, UnitsFigure,
    VerdictsFigure,
};

/// A figure of a report, of whichever kind.
#[derive(Clone, Copy, Debug)]
pub enum Figure<'a> {
    /// The strategic lead's verdicts.
    Verdicts(&'a VerdictsFigure),
    /// A square for each respondent.
    Units(&'a UnitsFigure),
    /// Two views of each sector.
    Sides(&'a SidesFigure),
    /// Each sector's progress with each process.
    Processes(&'a ProcessesFigure),
    /// Shares on a scale.
    Bars(&'a BarsFigure),
    /// Where the area is among all areas.
    Places(&'a PlacesFigure),
    /// The shares of groups.
    Shares(&'a SharesFigure),
    /// The areas of a region, without names.
    Strips(&'a StripsFigure),
}

impl Figure<'_> {
    /// Its number within the report.
    pub fn number(&self) -> u32 {
        self.parts().0
    }

    /// The file name of its chart.
    pub fn file(&self) -> &str {
        self.parts().1
    }

    /// The ids of the questions whose answers it shows.
    pub fn questions(&self) -> &[String] {
        self.parts().2
    }

    fn parts(&self) -> (u32, &str, &[String]) {
        match self {
            Self::Verdicts(figure) => (figure.number, &figure.file, &figure.questions),
            Self::Units(figure) => (figure.number, &figure.file, &figure.questions),
            Self::Sides(figure) => (figure.number, &figure.file, &figure.questions),
            Self::Processes(figure) => (figure.number, &figure.file, &figure.questions),
            Self::Bars(figure) => (figure.number, &figure.file, &figure.questions),
            Self::Places(figure) => (figure.number, &figure.file, &figure.questions),
            Self::Shares(figure) => (figure.number, &figure.file, &figure.questions),
            Self::Strips(figure) => (figure.number, &figure.file, &figure.questions),
        }
    }
}
