# base.sh TARBALL: the root file system of a container: this machine's Debian (or Ubuntu) in its
# smallest form with the tools of the nemeses, from the mirror that this machine's apt uses.
set -eu

die() {
  echo "$1"
  exit 2
}

[ "$(id -u)" = 0 ] || die 'making the base of the image needs root'
command -v debootstrap >/dev/null || die 'debootstrap is missing: apt-get install debootstrap'
. /etc/os-release
sources=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' | awk -v release="$VERSION_CODENAME" '$2 == release')
mirror=$(echo "$sources" | awk '$3 == "main" {print $1; exit}')
[ -n "$mirror" ] || die "apt knows no mirror of $VERSION_CODENAME: apt-get update"
components=$(echo "$sources" | awk -v mirror="$mirror" '$1 == mirror {print $3}' | sort -u | paste -sd,)
eval "$(apt-config shell http_proxy Acquire::http::Proxy https_proxy Acquire::https::Proxy)"
[ -z "${http_proxy:-}" ] || export http_proxy
[ -z "${https_proxy:-}" ] || export https_proxy

root=$(mktemp -d)
trap 'rm -rf "$root" "$1.part"' EXIT
debootstrap --variant=minbase --components="$components" \
  --include=iptables,iproute2,libfaketime,procps,util-linux "$VERSION_CODENAME" "$root" "$mirror"
cd "$root"
rm -rf usr/share/doc usr/share/man usr/share/info usr/share/locale var/cache/* var/lib/apt/lists/* var/log/*
tar --exclude=./dev/* --exclude=./proc/* --exclude=./sys/* -czf "$1.part" .
mv "$1.part" "$1"
