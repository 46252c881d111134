//! Landlock and seccomp.
//!
//! Each function returns in words what it brought about, and never fails: a kernel without
//! one of the two is no reason to refuse work that our own checks guard anyway.

use std::collections::BTreeMap;
use std::path::PathBuf;

use landlock::{
    ABI, Access, AccessFs, AccessNet, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};
use seccompiler::{
    SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch,
};

use super::{Hold, Needs};

/// The newest rights of Landlock that are used; older kernels know fewer of them.
const RIGHTS: ABI = ABI::V6;

/// What any run may read: rules of the local time zone, and random bytes, for which a program with the C library
/// linked in opens a device.
const ALWAYS: [&str; 4] = [
    "/etc/localtime",
    "/usr/share/zoneinfo",
    "/dev/random",
    "/dev/urandom",
];

/// What is read to find a server and to know it: names of hosts, the C library's ways to look them up, and authorities.
const FOR_CONNECTIONS: [&str; 19] = [
    "/etc/gai.conf",
    "/etc/host.conf",
    "/etc/hosts",
    "/etc/ld.so.cache",
    "/etc/nsswitch.conf",
    "/etc/resolv.conf",
    "/etc/services",
    "/etc/ca-certificates",
    "/etc/pki",
    "/etc/ssl",
    "/opt/etc/ssl",
    "/usr/local/etc/ssl",
    "/usr/local/share/ca-certificates",
    "/usr/share/ca-certificates",
    "/usr/share/pki",
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
];

/// Where authorities are, if the environment says so.
const AUTHORITIES: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// Lets this thread, and those it starts, read and write only what is needed, and connect
/// nowhere, unless that is needed.
pub(super) fn restrict_files(needs: &Needs) -> String {
    match apply(needs) {
        Ok(RulesetStatus::FullyEnforced) => "landlock, fully enforced".to_owned(),
        Ok(RulesetStatus::PartiallyEnforced) => "landlock, as far as this kernel has it".to_owned(),
        Ok(RulesetStatus::NotEnforced) => "this kernel has no landlock".to_owned(),
        Err(error) => format!("landlock failed: {error}"),
    }
}

fn apply(needs: &Needs) -> Result<RulesetStatus, RulesetError> {
    let net = match needs.connect {
        true => AccessNet::BindTcp.into(),
        false => AccessNet::from_all(RIGHTS),
    };
    let mut ruleset = Ruleset::default()
        .handle_access(AccessFs::from_all(RIGHTS))?
        .handle_access(net)?
        .scope(Scope::from_all(RIGHTS))?
        .create()?;
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    // Nothing that was written is to be run, and no devices are made.
    let write = read
        | AccessFs::WriteFile
        | AccessFs::Truncate
        | AccessFs::RemoveFile
        | AccessFs::RemoveDir
        | AccessFs::MakeReg
        | AccessFs::MakeDir;
    let mut read_paths: Vec<PathBuf> = ALWAYS.iter().map(PathBuf::from).collect();
    if needs.connect {
        read_paths.extend(FOR_CONNECTIONS.iter().map(PathBuf::from));
        read_paths.extend(
            AUTHORITIES
                .iter()
                .filter_map(std::env::var_os)
                .map(PathBuf::from),
        );
    }
    let read_paths = needs.read.iter().chain(&read_paths);
    let rules = read_paths.map(|path| (path.as_path(), read));
    let rules = rules.chain(needs.write.iter().map(|path| (path.as_path(), write)));
    for (path, rights) in rules {
        // What is not there cannot be opened later either; a pipe that the shell hands over has no place, and takes no rule.
        let (Ok(_), Ok(opened)) = (path.canonicalize(), PathFd::new(path)) else {
            continue;
        };
        let rights = match path.is_dir() {
            true => rights,
            false => rights & AccessFs::from_file(RIGHTS),
        };
        ruleset = ruleset.add_rule(PathBeneath::new(opened, rights))?;
    }
    Ok(ruleset.restrict_self()?.ruleset)
}

/// Lets all threads make only those system calls that reading, computing and writing take.
pub(super) fn restrict_calls(needs: &Needs, hold: Hold) -> String {
    match filter(needs, hold) {
        Ok(()) => "seccomp, on all threads".to_owned(),
        Err(error) => format!("seccomp failed: {error}"),
    }
}

fn filter(needs: &Needs, hold: Hold) -> Result<(), seccompiler::Error> {
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    let connecting = match needs.connect {
        true => CONNECTING,
        false => &[],
    };
    let confining = match hold {
        Hold::ForNow => CONFINING,
        Hold::ForGood => &[],
    };
    let calls = CALLS.iter().chain(OLD_CALLS);
    let calls = calls.chain(connecting).chain(confining);
    let mut rules: BTreeMap<_, _> = calls.map(|call| (*call, Vec::new())).collect();
    // Asking whether something is a terminal, and how large; not typing into it.
    let settings = match needs.connect {
        true => &SOCKET_SETTINGS[..],
        false => &[],
    };
    let asked = QUESTIONS.iter().chain(settings).map(|question| {
        let is_it = SeccompCondition::new(1, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, *question)?;
        SeccompRule::new(vec![is_it])
    });
    rules.insert(libc::SYS_ioctl, asked.collect::<Result<_, _>>()?);
    // Not there, rather than forbidden: a later C library then falls back on what is old.
    let refused = SeccompAction::Errno(libc::ENOSYS.cast_unsigned());
    let filter = SeccompFilter::new(rules, refused, SeccompAction::Allow, arch)?;
    let program: seccompiler::BpfProgram = filter.try_into()?;
    seccompiler::apply_filter_all_threads(&program)
}

/// What may be asked by `ioctl`: TCGETS and TIOCGWINSZ, whose type differs among C libraries.
const QUESTIONS: [u64; 2] = [0x5401, 0x5413];

/// What is set by `ioctl` for connections: FIONREAD and FIONBIO.
const SOCKET_SETTINGS: [u64; 2] = [0x541B, 0x5421];

/// The system calls that connections take besides.
const CONNECTING: &[libc::c_long] = &[
    libc::SYS_socket,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_getsockname,
    libc::SYS_getpeername,
    libc::SYS_setsockopt,
    libc::SYS_getsockopt,
    libc::SYS_sendto,
    libc::SYS_recvfrom,
    libc::SYS_sendmsg,
    libc::SYS_recvmsg,
    libc::SYS_sendmmsg,
    libc::SYS_recvmmsg,
    libc::SYS_shutdown,
    libc::SYS_pselect6,
];

/// The system calls that give up more: what was given up does not come back by them.
const CONFINING: &[libc::c_long] = &[
    libc::SYS_landlock_create_ruleset,
    libc::SYS_landlock_add_rule,
    libc::SYS_landlock_restrict_self,
    libc::SYS_seccomp,
];

/// The system calls that are left: none of them reaches the network, another process or
/// another program.
const CALLS: &[libc::c_long] = &[
    // Files, as far as Landlock lets.
    libc::SYS_openat,
    libc::SYS_openat2,
    libc::SYS_close,
    libc::SYS_close_range,
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_pwrite64,
    libc::SYS_lseek,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_fstatfs,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_getdents64,
    libc::SYS_readlinkat,
    libc::SYS_getcwd,
    libc::SYS_mkdirat,
    libc::SYS_unlinkat,
    libc::SYS_renameat,
    libc::SYS_renameat2,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_ftruncate,
    libc::SYS_fchmod,
    libc::SYS_fcntl,
    libc::SYS_flock,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_ppoll,
    // Memory.
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    // Threads of this process.
    libc::SYS_clone,
    libc::SYS_clone3,
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_set_tid_address,
    libc::SYS_rseq,
    libc::SYS_membarrier,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_tgkill,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_prctl,
    libc::SYS_prlimit64,
    libc::SYS_exit,
    libc::SYS_exit_group,
    // Signals.
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    // Time and chance.
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    // Who one is.
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_uname,
    libc::SYS_sysinfo,
    libc::SYS_getrusage,
];

/// What only the oldest of the architectures has, for the same things.
#[cfg(target_arch = "x86_64")]
const OLD_CALLS: &[libc::c_long] = &[
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_mkdir,
    libc::SYS_rmdir,
    libc::SYS_unlink,
    libc::SYS_rename,
    libc::SYS_poll,
    libc::SYS_dup2,
    libc::SYS_arch_prctl,
    libc::SYS_time,
];

#[cfg(not(target_arch = "x86_64"))]
const OLD_CALLS: &[libc::c_long] = &[];
