//! What a hostile chart tries, class by class: each test says which published vulnerability, or which behaviour seen in helm 4.3.1, it
//! is about.
//!
//! Two classes have their tests elsewhere, since they need servers that are made for them: certificates (CVE-2019-1010275) in `encrypted`,
//! passwords that go to another host (CVE-2021-32690) in `remote`.
//!
//! Every run is also looked at as a whole by [`stage::Stage::check`]: status, time, memory, and that nothing outside was shown, changed or called.

mod archives;
mod documents;
mod links;
mod names;
mod reach;
mod stage;
mod written;
