//! What is written is whole, whatever happens: a disk that is full, a folder that may not be written, something in the
//! way, another run, a kill at any moment.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test sets its scene, and stops where it cannot")]

#[path = "support/files.rs"]
mod support;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How many pipelines a script declares: enough files that a run is met while it writes.
const PIPELINES: usize = 8;

/// A folder with a script, which goes when the test ends.
struct Project(PathBuf);

/// The files of an output, by path.
type Files = BTreeMap<PathBuf, Vec<u8>>;

impl Project {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("aphex-files-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join(".git")).unwrap();
        let project = Self(path.canonicalize().unwrap());
        project.declare("eu-west-1");
        project
    }

    /// Writes the script, for deployments to this region: every file of the output has its name in it.
    fn declare(&self, region: &str) {
        let script = format!(
            r#"let app = stack("App");
let dev = environment("dev", #{{ account: "111111111111", region: "{region}", stacks: [app] }});
for number in 0..{PIPELINES} {{
    pipeline(`p${{number}}`, #{{
        cluster: "tools", account: "999999999999", region: "{region}", source: github(`org/app${{number}}`),
        stages: [dev], labels: #{{ region: "{region}" }},
    }});
}}
"#
        );
        fs::write(self.0.join("pipeline.aphex"), script).unwrap();
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aphex"));
        command.args(line.split_whitespace()).current_dir(&self.0);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    /// Runs it, which must do what it was asked for; what is there then.
    fn written(&self) -> Files {
        let output = self.run("run pipeline.aphex");
        assert!(output.status.success(), "{}", text(&output.stderr));
        self.files()
    }

    /// Every file of the output, by its path from `aphex.out`.
    fn files(&self) -> Files {
        support::files(&self.0.join("aphex.out"))
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Holds that a command failed because of what is outside of the script, and said so in one sentence.
fn fails(output: &Output, why: &str) {
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.starts_with("error: ") && said.contains(why) && said.lines().count() == 1, "expected {why:?}: {said}");
    assert!(output.stdout.is_empty(), "{}", text(&output.stdout));
}

/// The files of the pipeline of that number.
fn of_pipeline(files: &Files, number: usize) -> impl Iterator<Item = (&PathBuf, &Vec<u8>)> {
    files.iter().filter(move |(path, _)| path.starts_with(format!("p{number}")))
}

fn is_scrap(path: &Path) -> bool {
    path.file_name().unwrap().to_str().unwrap().ends_with(".aphex-tmp")
}

#[test]
fn a_file_that_cannot_be_written_to_its_end_changes_nothing() {
    let project = Project::new("short");
    let before = project.written();
    project.declare("us-east-1");
    // The shell counts in blocks of 512 or 1,024 bytes: less than the largest file, more than the first.
    let line = format!("trap '' XFSZ; ulimit -f 8; exec {} run pipeline.aphex", env!("CARGO_BIN_EXE_aphex"));
    let output = Command::new("sh").args(["-c", &line]).current_dir(&project.0).output().unwrap();
    fails(&output, "cannot write `aphex.out/p0/");
    assert!(project.files() == before);
}

#[test]
fn a_full_disk_changes_nothing() {
    let project = Project::new("full");
    // A small disk needs a namespace of its own, which not every machine gives to a test.
    let mount = "mount -t tmpfs -o size=512k none disk";
    let line = format!(
        "{mount} && cp -R .git pipeline.aphex disk && cd disk && {0} run pipeline.aphex --quiet && sed -i s/eu-west-1/us-east-1/g \
         pipeline.aphex && cp -R aphex.out ../before && dd if=/dev/zero of=filler bs=1k 2>/dev/null; \
         {0} run pipeline.aphex; echo $? > ../status; diff -r aphex.out ../before > ../difference",
        env!("CARGO_BIN_EXE_aphex")
    );
    fs::create_dir(project.0.join("disk")).unwrap();
    let namespace = ["--user", "--map-root-user", "--mount", "sh", "-c"];
    let shell = |line: &str| Command::new("unshare").args(namespace).arg(line).current_dir(&project.0).output();
    if !shell(mount).is_ok_and(|output| output.status.success()) {
        println!("not tested: this machine mounts no disk for a test");
        return;
    }
    let output = shell(&line).unwrap();
    let said = text(&output.stderr);
    assert!(said.contains("No space left on device") || said.contains("no space left on device"), "{said}");
    let left = |name: &str| fs::read_to_string(project.0.join(name)).unwrap();
    assert_eq!((left("status").trim(), &*left("difference")), ("3", ""), "{said}");
}

#[test]
fn a_folder_that_may_not_be_written_changes_nothing() {
    let project = Project::new("read-only");
    let before = project.written();
    project.declare("us-east-1");
    let folder = project.0.join("aphex.out/p3/kubernetes");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    let mut command = project.command("run pipeline.aphex");
    if fs::metadata(&project.0).unwrap().uid() == 0 {
        // Root may write everywhere: everything but that folder belongs to somebody else, who runs it.
        let chown = |path: &Path| std::os::unix::fs::chown(path, Some(65_534), Some(65_534)).unwrap();
        let mut folders = vec![project.0.clone()];
        while let Some(path) = folders.pop() {
            chown(&path);
            folders.extend(fs::read_dir(&path).into_iter().flatten().map(|entry| entry.unwrap().path()));
        }
        std::os::unix::fs::chown(&folder, Some(0), Some(0)).unwrap();
        let program = project.0.join("aphex");
        fs::copy(env!("CARGO_BIN_EXE_aphex"), &program).unwrap();
        command = Command::new(program);
        command.args(["run", "pipeline.aphex"]).current_dir(&project.0).uid(65_534).gid(65_534);
    }
    fails(&command.output().unwrap(), "permission denied");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    assert!(project.files() == before);
}

#[test]
fn what_is_in_the_way_is_named_and_nothing_changes() {
    let project = Project::new("way");
    let before = project.written();
    project.declare("us-east-1");
    let place = project.0.join("aphex.out/p5/kubernetes/rbac.yaml");
    let scene = |set: &dyn Fn(), why: &str| {
        fs::remove_file(&place).unwrap();
        set();
        fails(&project.run("run pipeline.aphex"), why);
        if place.is_dir() && !place.is_symlink() { fs::remove_dir(&place) } else { fs::remove_file(&place) }.unwrap();
        fs::write(&place, &before[Path::new("p5/kubernetes/rbac.yaml")]).unwrap();
        assert!(project.files() == before);
    };
    let precious = project.0.join("precious");
    fs::write(&precious, "precious").unwrap();
    scene(&|| symlink(&precious, &place).unwrap(), "is a link, and nothing is written through links");
    scene(&|| fs::create_dir(&place).unwrap(), "is a folder where a file belongs");
    scene(
        &|| assert!(Command::new("mkfifo").arg(&place).status().unwrap().success()),
        "is neither a file nor a folder",
    );
    assert_eq!(fs::read_to_string(precious).unwrap(), "precious");
    let folder = project.0.join("aphex.out/p6");
    let aside = project.0.join("aside");
    fs::rename(&folder, &aside).unwrap();
    symlink(&aside, &folder).unwrap();
    fails(&project.run("run pipeline.aphex"), "is a link");
    fs::remove_file(&folder).unwrap();
    fs::rename(&aside, &folder).unwrap();
    assert!(project.files() == before);
}

#[test]
fn a_second_run_is_refused_while_the_first_one_writes() {
    let project = Project::new("second");
    let before = project.written();
    project.declare("us-east-1");
    let other = File::open(project.0.join("aphex.out/p4")).unwrap();
    other.lock().unwrap();
    fails(&project.run("run pipeline.aphex"), "another `aphex run` writes into `aphex.out/p4`");
    assert!(project.files() == before);
    assert!(
        project.run("run pipeline.aphex --pipeline p5").status.success(),
        "of another pipeline there is no other run"
    );
    drop(other);
    project.written();
}

#[test]
fn of_many_runs_at_once_each_is_whole_or_refused() {
    let project = Project::new("many");
    let mut outcomes = vec![project.written()];
    for (number, region) in ["us-east-1", "us-west-2", "eu-north-1"].into_iter().enumerate() {
        project.declare(region);
        // Each in a project of its own at another path, with the output in one place.
        let home = project.0.join(format!("home{number}"));
        fs::create_dir_all(home.join(".git")).unwrap();
        fs::copy(project.0.join("pipeline.aphex"), home.join("pipeline.aphex")).unwrap();
        outcomes.push(project.written());
    }
    let script = project.0.join("pipeline.aphex");
    for round in 0..8 {
        let spawn = |number: usize| {
            let mut command = project.command("run pipeline.aphex --out ../aphex.out");
            command.current_dir(project.0.join(format!("home{number}"))).spawn().unwrap()
        };
        let runs: Vec<Child> = (0..3).map(spawn).collect();
        for run in runs {
            let output = run.wait_with_output().unwrap();
            if !output.status.success() {
                fails(&output, "another `aphex run` writes into");
            }
        }
        // Each pipeline is what one of them makes of it.
        let files = project.files();
        for number in 0..PIPELINES {
            let is_found = |outcome: &Files| of_pipeline(outcome, number).eq(of_pipeline(&files, number));
            assert!(outcomes.iter().any(is_found), "round {round}, p{number}");
        }
    }
    assert!(script.is_file());
}

/// Kills a run at a moment: after a while, or the while after its first file appears.
fn kill(project: &Project, number: u64) {
    let mut child = project.command("run pipeline.aphex").stdout(Stdio::null()).spawn().unwrap();
    let folder = project.0.join("aphex.out/p0");
    let start = Instant::now();
    let writes = || fs::read_dir(&folder).into_iter().flatten().flatten().any(|entry| is_scrap(&entry.path()));
    // Of three kills two come while files are written.
    while !number.is_multiple_of(3) && start.elapsed() < Duration::from_secs(10) && child.try_wait().unwrap().is_none()
    {
        if writes() {
            break;
        }
    }
    // Spread by a step that meets every part of the time: 0 to 4 milliseconds, or up to the whole of a run.
    let moment = number * 2_654_435_761 % 4_096;
    let unit = Duration::from_micros(if number.is_multiple_of(3) { 25 } else { 1 });
    std::thread::sleep(unit * u32::try_from(moment).unwrap());
    let _ = child.kill();
    child.wait().unwrap();
}

#[test]
fn a_hundred_kills_leave_no_part_of_a_file_and_the_next_run_mends() {
    let project = Project::new("kill");
    let old = project.written();
    project.declare("us-east-1");
    let new = project.written();
    assert!(
        old.keys().eq(new.keys())
            && old.iter().all(|(path, bytes)| path.ends_with("kustomization.yaml") || new[path] != *bytes)
    );
    let (mut halves, mut scraps) = (0, 0);
    for number in 0..100 {
        let regions = ["eu-west-1", "us-east-1"];
        let (goal, from) = if number % 2 == 0 { (&old, &new) } else { (&new, &old) };
        project.declare(regions[usize::try_from(number).unwrap() % 2]);
        kill(&project, number);
        let files = project.files();
        scraps += files.keys().filter(|path| is_scrap(path)).count();
        let whole: Files = files.into_iter().filter(|(path, _)| !is_scrap(path)).collect();
        assert!(whole.keys().eq(goal.keys()), "kill {number}");
        assert!(whole.iter().all(|(path, bytes)| *bytes == goal[path] || *bytes == from[path]), "kill {number}");
        for pipeline in 0..PIPELINES {
            let is_new = |path: &Path| whole[path] == goal[path];
            if is_new(Path::new(&format!("p{pipeline}/pipeline.json"))) {
                assert!(
                    of_pipeline(&whole, pipeline).all(|(path, _)| is_new(path)),
                    "kill {number}: the list is written last"
                );
            }
        }
        let is_done = whole == *goal;
        halves += usize::from(!is_done && whole != *from);
        let check = project.run("run pipeline.aphex --check");
        assert_eq!(check.status.code(), Some(i32::from(!is_done)), "kill {number}: {}", text(&check.stdout));
        assert!(project.written() == *goal, "kill {number}: the next run mends it, and leaves no scraps");
    }
    println!("{halves} of 100 kills left a half, with {scraps} temporary files");
    assert!(halves > 0 && scraps > 0, "no kill met a run while it wrote");
}
